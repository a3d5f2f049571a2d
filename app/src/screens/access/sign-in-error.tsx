/** Why the way to a provider and back ended here, shown once: the word is in the page's address. */

import { useState } from "react";
import { Banner } from "../../components";
import { useSignInTexts } from "../../utilities/texts/sign-in";

export function SignInError() {
  const { errors } = useSignInTexts();
  const [word] = useState(() => new URLSearchParams(location.search).get("error"));
  if (word === null) return null;
  return <Banner tone="danger">{errors[word] ?? errors["invalid"]}</Banner>;
}
