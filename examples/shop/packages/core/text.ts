import texts from "@/locales/en.json";

export function t(key: keyof typeof texts): string {
  return texts[key];
}
