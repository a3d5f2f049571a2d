// Shows the description of this very server. Requests that are tried out go to it, with the cookie
// of the user who is logged in here.
"use strict";

SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayOperationId: true,
  displayRequestDuration: true,
  docExpansion: "list",
  filter: true,
  tryItOutEnabled: true,
  // Nobody else is asked whether the description is valid.
  validatorUrl: null,
});
