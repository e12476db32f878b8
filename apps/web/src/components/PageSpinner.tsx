import { Center, Spinner } from "@chakra-ui/react";

/** Stands where a page will be. Shows itself only when the page takes its time. */
export function PageSpinner() {
  return (
    <Center
      height="100%"
      minHeight="40vh"
      role="status"
      aria-label="Loading"
      animationName="fade-in"
      animationDuration="200ms"
      animationDelay="250ms"
      animationFillMode="both"
    >
      <Spinner color="fg.subtle" />
    </Center>
  );
}
