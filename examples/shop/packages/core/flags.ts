import type { Context } from "./context";

/** Organizations for whom a flag is on; a flag that is not listed is off for everybody. */
const cohorts: Record<string, readonly string[]> = {
  returns_self_service: ["7d0c2f7e-51b7-4c53-9b0f-3f0a4a1f6c11", "a9f1d9c4-6a3e-4a55-8f62-0c7d5e2b9e84"],
};

export function isOn(flag: string, context: Context): boolean {
  return cohorts[flag]?.includes(context.organizationId) ?? false;
}
