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
      to: { path: "^apps/server" },
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
    exclude: { path: "(^|/)(node_modules|dist)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
    },
  },
};
