module mapring

go 1.19
