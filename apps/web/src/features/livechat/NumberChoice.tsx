import type { Contact } from "@livechat/shared";
import { useId } from "react";
import { showAddress } from "../../components/show-address.ts";
import { listNumbers } from "./contact-numbers.ts";
import "./number-choice.css";

/** Which of a person's numbers the text goes to. */
export default function NumberChoice({
  contact,
  value,
  onChange,
}: {
  contact: Contact;
  value: string;
  onChange(phoneNumber: string): void;
}) {
  const id = useId();
  const numbers = listNumbers(contact);
  const isOut = numbers.some((each) => each.phoneNumber === value && each.optedOutAt !== null);
  return (
    <div className="lc-number-choice">
      <label htmlFor={id}>To</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {numbers.map((number) => (
          <option key={number.phoneNumber} value={number.phoneNumber}>
            {showAddress(number.phoneNumber)}
            {number.optedOutAt ? " (opted out)" : ""}
          </option>
        ))}
      </select>
      {isOut && <span role="note">Choose another number.</span>}
    </div>
  );
}
