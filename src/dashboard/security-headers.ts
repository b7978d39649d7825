import { secureHeaders } from "hono/secure-headers";

const self = ["'self'"];
const none = ["'none'"];

/** The headers of every answer: nothing runs, loads or frames but the page's own files. Whether HTTPS is a must, whoever serves it says. */
export const securityHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: none,
    scriptSrc: self,
    styleSrc: self,
    imgSrc: ["'self'", "data:"],
    connectSrc: self,
    fontSrc: self,
    baseUri: self,
    formAction: none,
    frameAncestors: none,
  },
  strictTransportSecurity: false,
  xFrameOptions: "DENY",
});
