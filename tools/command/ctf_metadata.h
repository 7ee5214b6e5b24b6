/* SPDX-License-Identifier: MIT */
/* What a trace in the Common Trace Format 1.8 says about itself: the text of the file "metadata". */
#ifndef TOOLS_CTF_METADATA_H
#define TOOLS_CTF_METADATA_H

/* The classes of events, as the metadata numbers them. */
enum ctf_event {
    CTF_RECORD, /* whose payload is UTF-8 without NUL */
    CTF_BYTES,  /* with any other payload */
    CTF_LOST
};

extern const char ctf_metadata[];

#endif
