import { Dialog } from "../components/dialog.tsx";
import { useText } from "../text/text-context.tsx";

export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const { palette } = useText();
  return (
    <Dialog title={palette.title} onClose={onClose}>
      {palette.nothing}
    </Dialog>
  );
}
