// Package compatibility has the tests that hold our stand-in for the provider's SDK to what the provider expects of it.
package compatibility
