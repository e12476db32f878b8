import { createToaster } from "@chakra-ui/react";

/** Short news at the edge of the screen: `toaster.create({ title, type })`. */
export const toaster = createToaster({
  placement: "bottom-start",
  max: 3,
  pauseOnPageIdle: true,
  // Where they cover nothing that is written in or pressed next: below the list, on a phone above the field.
  offsets: {
    left: "var(--toast-left)",
    bottom: "var(--toast-bottom)",
    right: "var(--toast-left)",
    top: "1rem",
  },
});
