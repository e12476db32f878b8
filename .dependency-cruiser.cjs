/** The arrows of the code base: what may import what. `tools/test.ts` also checks that modules were really read. */
module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "shared-imports-nobody",
      severity: "error",
      from: { path: "^packages/shared" },
      to: { path: "^(apps|packages/twilio-simulator)" },
    },
    {
      name: "simulator-stands-alone",
      comment: "It must behave as Twilio does, not as our code wishes.",
      severity: "error",
      from: { path: "^packages/twilio-simulator" },
      to: { path: "^(apps|packages/shared)" },
    },
    {
      name: "web-never-imports-server",
      severity: "error",
      from: { path: "^apps/web" },
      to: { path: "^(apps/server|packages/twilio-simulator)" },
    },
    {
      name: "server-never-imports-web",
      severity: "error",
      from: { path: "^apps/server" },
      to: { path: "^apps/web" },
    },
    {
      name: "product-never-imports-its-tests",
      severity: "error",
      from: { path: "^(apps|packages)/[^/]+/src" },
      to: { path: "^(e2e|bench|chaos|tools)/|^(apps|packages)/[^/]+/(test|testing)/" },
    },
    {
      name: "web-features-never-meet",
      comment: "Only the pages in app/ put features together.",
      severity: "error",
      from: { path: "^apps/web/src/features/([^/]+)/" },
      to: { path: "^apps/web/src/features/", pathNot: "^apps/web/src/features/$1/" },
    },
    {
      name: "web-components-know-no-feature",
      severity: "error",
      from: { path: "^apps/web/src/(components|api|session|realtime|preferences)/" },
      to: { path: "^apps/web/src/(features|app)/" },
    },
    {
      name: "web-features-never-import-pages",
      severity: "error",
      from: { path: "^apps/web/src/features/" },
      to: { path: "^apps/web/src/app/" },
    },
    {
      name: "contacts-know-no-messages",
      severity: "error",
      from: { path: "^apps/server/src/contacts/" },
      to: { path: "^apps/server/src/(messages|twilio|media|simulator)/" },
    },
    {
      name: "platform-knows-no-product",
      severity: "error",
      from: { path: "^apps/server/src/platform/" },
      to: {
        path: "^apps/server/src/(contacts|messages|media|members|workspaces|twilio|simulator|realtime|http)/",
      },
    },
    {
      name: "express-stays-at-the-edge",
      severity: "error",
      from: {
        path: "^apps/server/src/",
        pathNot:
          "^apps/server/src/(http/|simulator/|server\\.ts$|.*\\.routes\\.ts$|twilio/signed-form\\.ts$|media/send-media-file\\.ts$)",
      },
      to: { path: "(^|/)node_modules/(@types/)?express/" },
    },
    {
      name: "socket-io-stays-in-realtime",
      severity: "error",
      from: { path: "^apps/server/src/", pathNot: "^apps/server/src/realtime/" },
      to: { path: "(^|/)node_modules/(socket\\.io|@socket\\.io)/" },
    },
    {
      name: "twilio-stays-in-its-folder",
      severity: "error",
      from: { path: "^apps/server/src/", pathNot: "^apps/server/src/twilio/" },
      to: { path: "(^|/)node_modules/twilio/" },
    },
    {
      name: "not-resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(apps|packages|e2e)/[^/]+/(dist|test-results)/|^e2e/test-results/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
    },
  },
};
