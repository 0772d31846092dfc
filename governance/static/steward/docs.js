// Shows the description of the API. Who has signed in can try it out with the session: then every request
// carries the page's CSRF token.
const place = document.getElementById("docs");

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "none", // opened by hand: of some 150 at once the library shows nine
  defaultModelsExpandDepth: 0,
  requestInterceptor: (request) => {
    const here = new URL(request.url, location.href).origin === location.origin;
    if (here && place.dataset.token) request.headers["X-CSRFToken"] = place.dataset.token;
    return request;
  },
});
