import type { Context } from "./context";

/** Reads the session cookie. Left out of this example. */
export declare function openSession(request: Request): Promise<Context | null>;
