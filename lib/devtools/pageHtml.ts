/** The HTML of the page. `nonce` allows its style under the content security policy. */
export const pageHtml = (title: string, nonce: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escapedHtml(title)}</title>
    <link rel="icon" href="data:," />
    <style nonce="${nonce}">
      :root { color-scheme: light dark; }
      body { margin: 0; padding: 12px 16px; background: #fff; color: #1d2733; font: 13px/1.45 system-ui, sans-serif; }
      h1 { font-size: 16px; margin: 0 0 8px; overflow-wrap: anywhere; }
      @media (prefers-color-scheme: dark) { body { background: #12161c; color: #e6ebf0; } }
    </style>
  </head>
  <body>
    <h1>${escapedHtml(title)}</h1>
    <rx-timeline src="records" label="Timeline"></rx-timeline>
    <script type="module" src="timeline.js"></script>
  </body>
</html>
`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapedHtml = (text: string): string => text.replace(/[&<>"']/g, character => ENTITIES[character]!);
