export * from "./address.ts";
export * from "./events.ts";
export * from "./inbox-state.ts";
export * from "./message-status.ts";
export * from "./opt-out.ts";
export * from "./problem.ts";
export * from "./resources.ts";
