package shipping

import java.time.Instant

data class Label(val id: String, val trackingCode: String, val boughtAt: Instant, val usedAt: Instant? = null)

/** Labels that were bought from the carrier. One that was used cannot be given back. */
class Labels(private val carrier: Carrier) {
    private val known = mutableMapOf<String, Label>()

    fun buy(orderId: String): Label =
        carrier.buy(orderId).also { known[it.id] = it }

    fun read(id: String): Label? = known[id]

    fun giveBack(id: String): Boolean {
        val label = known[id] ?: return false
        if (label.usedAt != null) return false
        known.remove(id)
        return carrier.giveBack(label.trackingCode)
    }
}

interface Carrier {
    fun buy(orderId: String): Label
    fun giveBack(trackingCode: String): Boolean
}
