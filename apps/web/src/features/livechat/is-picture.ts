import type { MessageMedia } from "@livechat/shared";

/** Types that every browser draws; others are offered as files. */
const drawnTypes = /^image\/(jpeg|png|gif|webp|avif|bmp)$/;

/** Whether a file is shown as a picture. */
export function isPicture(media: Pick<MessageMedia, "contentType">): boolean {
  return drawnTypes.test(media.contentType);
}
