package products

import "testing"

func TestPage(t *testing.T) {
	t.Run("TC-CAT-001 a page holds no more than its size", func(t *testing.T) {
		if got := page(make([]Product, 60), 40); len(got) != 40 {
			t.Fatalf("%d products on a page of 40", len(got))
		}
	})
	t.Run("TC-CAT-002 a short list is one page", func(t *testing.T) {
		if got := page(make([]Product, 3), 40); len(got) != 3 {
			t.Fatalf("%d products of 3", len(got))
		}
	})
}
