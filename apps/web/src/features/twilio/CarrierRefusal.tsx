import { Link, Stack, Text } from "@chakra-ui/react";
import { LuExternalLink } from "react-icons/lu";
import { ApiError } from "../../api/client.ts";
import { Notice } from "../../components/Notice.tsx";

/** Why something failed; where Twilio refused, in its own words too, with its page about the code. */
export function CarrierRefusal({ error }: { error: Error }) {
  const said = error instanceof ApiError ? error.problem.carrierError : undefined;
  return (
    <Notice kind="error">
      <Stack gap="1">
        <Text>{error.message}</Text>
        {said && (
          <Text fontSize="sm">
            Twilio says: {said.message}
            {said.url && (
              <>
                {" "}
                <Link
                  href={said.url}
                  target="_blank"
                  rel="noreferrer"
                  color="inherit"
                  textDecoration="underline"
                >
                  About error {said.code} <LuExternalLink size={12} aria-hidden />
                </Link>
              </>
            )}
          </Text>
        )}
      </Stack>
    </Notice>
  );
}
