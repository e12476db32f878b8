/** What {@link showAddress} loads when it needs it. */
export { formatAddress } from "@livechat/shared";
