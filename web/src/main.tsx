import "./style/page.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { followVisibility } from "./live/page-connection.ts";
import { App } from "./shell/app.tsx";
import { followTheme } from "./shell/theme.ts";
import { loadFirstTexts, startLanguage, TextProvider } from "./text/text-context.tsx";

followTheme();
followVisibility();

const place = document.getElementById("page");
if (place !== null) {
  const language = startLanguage();
  const first = await loadFirstTexts(language);
  createRoot(place).render(
    <StrictMode>
      <TextProvider start={{ language, first }}>
        <App />
      </TextProvider>
    </StrictMode>,
  );
}
