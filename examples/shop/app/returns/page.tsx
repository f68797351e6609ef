import { t } from "@/packages/core/text";
import type { Return } from "@/packages/returns/returns";

export function ReturnList({ returns, approve }: { returns: Return[]; approve: (id: string) => void }) {
  return (
    <>
      <h1>{t("returns.list.title")}</h1>
      <ul>
        {returns.map((item) => (
          <li key={item.id}>
            {item.reason} — {t(`returns.status.${item.status}`)}
            {item.status === "requested" && (
              <button type="button" onClick={() => approve(item.id)}>
                {t("returns.approve.action")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

export function ReturnForm({ send }: { send: (reason: string) => void }) {
  return (
    <form action={(data) => send(String(data.get("reason")))}>
      <h2>{t("returns.form.title")}</h2>
      <label>
        {t("returns.form.reason")} <textarea name="reason" required />
      </label>
      <button type="submit">{t("returns.form.submit")}</button>
    </form>
  );
}
