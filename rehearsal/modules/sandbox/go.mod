module mlstack.internal/sandbox

go 1.26.0
