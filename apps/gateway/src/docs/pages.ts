const pageOf = (title: string, form: string, start: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
${form}<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/${start}"></script>
</body>
</html>
`;
/** Of all routes. */
export const PAGE = pageOf('Gimbal API', '', 'start.js');
export const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, persistAuthorization: false });
`;
/** The same for every model, so it is open to everybody; what it shows is fetched with the reader's key. */
export const MODEL_PAGE = pageOf(
  'A model of Gimbal',
  `<form id="open" class="swagger-ui wrapper">
<label>API key <input id="key" type="password" autocomplete="off"></label>
<button class="btn">Show the model</button>
</form>
`,
  'start-model.js',
);
export const START_MODEL = `document.getElementById('open').addEventListener('submit', (event) => {
  event.preventDefault();
  const key = document.getElementById('key').value;
  SwaggerUIBundle({
    url: location.pathname.replace(/\\/?$/, '/dataplane.json'),
    dom_id: '#swagger-ui',
    requestInterceptor: (request) => {
      request.headers['X-API-Key'] = key;
      return request;
    },
  });
});
`;
/** MLServer's paths. */
export const MODEL_PAGES = ['/v2/models/:model/docs', '/v2/models/:model/versions/:version/docs'];
