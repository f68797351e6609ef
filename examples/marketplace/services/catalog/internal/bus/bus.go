// Package bus tells the other services what happened.
package bus

import "sync"

var (
	guard sync.Mutex
	sent  []string
)

// Publish sends an event; it is called after the transaction has committed.
func Publish(name string, id string) {
	guard.Lock()
	defer guard.Unlock()
	sent = append(sent, name+" "+id)
}
