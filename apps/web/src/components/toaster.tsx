import { createToaster } from "@chakra-ui/react";

/** Short news at the edge of the screen: `toaster.create({ title, type })`. */
export const toaster = createToaster({ placement: "bottom-end", pauseOnPageIdle: true });
