// SPDX-License-Identifier: MIT

// Two goroutines share a producer, which is wrong: the race detector must say so.
package main

import (
	"os"

	"mapring"
)

func main() {
	producer, err := mapring.OpenProducer(os.Args[1], nil)
	if err != nil {
		panic(err)
	}
	done := make(chan bool)
	go func() {
		producer.Send([]byte("one"), 0)
		close(done)
	}()
	producer.Send([]byte("two"), 0)
	<-done
	mapring.Remove(os.Args[1], mapring.Local, true)
}
