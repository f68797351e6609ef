import type { Context } from "../core/context";

/** The context of the organization that a provider account belongs to. Left out of this example. */
export declare function contextOfAccount(account: string, request: Request): Promise<Context>;
