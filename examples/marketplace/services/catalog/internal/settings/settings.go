// Package settings reads what the service is told by its surroundings.
package settings

import (
	"os"
	"strconv"
)

// Settings of the service.
type Settings struct {
	Database string
	PageSize int
}

// Read takes them from the environment.
func Read() Settings {
	size, err := strconv.Atoi(os.Getenv("CATALOG_PAGE_SIZE"))
	if err != nil || size < 1 || size > 100 {
		size = 40
	}
	return Settings{Database: os.Getenv("CATALOG_DATABASE_URL"), PageSize: size}
}
