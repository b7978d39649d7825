import { Component, type ReactNode } from "react";
import { BrokenPage } from "./broken-page.tsx";

interface PageBoundaryProps {
  readonly children: ReactNode;
}

interface PageBoundaryState {
  readonly error: Error | undefined;
}

/** Keeps the shell when a page breaks, so that one can go elsewhere. */
export class PageBoundary extends Component<PageBoundaryProps, PageBoundaryState> {
  override readonly state: PageBoundaryState = { error: undefined };

  static getDerivedStateFromError(error: unknown): PageBoundaryState {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <BrokenPage error={error} onLeave={() => this.setState({ error: undefined })} />;
  }
}
