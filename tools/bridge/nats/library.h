/* SPDX-License-Identifier: MIT */
/*
 * libnats, which is loaded when a bridge connects: it brings OpenSSL with it, and every other
 * command would take longer to begin. Its functions are called as nats.natsMsg_Destroy(message).
 */
#ifndef BRIDGE_NATS_LIBRARY_H
#define BRIDGE_NATS_LIBRARY_H

#include <stdbool.h>

#include <nats/nats.h>

/* clang-format off */
#define LIBRARY_FUNCTIONS(each)                    \
    each(jsConsumerConfig_Init)                    \
    each(jsConsumerInfo_Destroy)                   \
    each(jsCtx_Destroy)                            \
    each(jsMsgMetaData_Destroy)                    \
    each(jsOptions_Init)                           \
    each(jsStreamConfig_Init)                      \
    each(jsStreamInfo_Destroy)                     \
    each(js_AddConsumer)                           \
    each(js_AddStream)                             \
    each(js_DeleteConsumer)                        \
    each(js_GetMsg)                                \
    each(js_GetStreamInfo)                         \
    each(natsConnection_Close)                     \
    each(natsConnection_Connect)                   \
    each(natsConnection_Destroy)                   \
    each(natsConnection_GetConnectedUrl)           \
    each(natsConnection_GetLastError)              \
    each(natsConnection_GetMaxPayload)             \
    each(natsConnection_JetStream)                 \
    each(natsConnection_Publish)                   \
    each(natsConnection_PublishMsg)                \
    each(natsConnection_SubscribeSync)             \
    each(natsInbox_Create)                         \
    each(natsInbox_Destroy)                        \
    each(natsMsgHeader_Get)                        \
    each(natsMsgHeader_Keys)                       \
    each(natsMsgHeader_Set)                        \
    each(natsMsg_Create)                           \
    each(natsMsg_Destroy)                          \
    each(natsMsg_GetData)                          \
    each(natsMsg_GetDataLength)                    \
    each(natsMsg_GetMetaData)                      \
    each(natsMsg_GetReply)                         \
    each(natsMsg_GetSequence)                      \
    each(natsMsg_GetSubject)                       \
    each(natsMsg_GetTime)                          \
    each(natsOptions_Create)                       \
    each(natsOptions_Destroy)                      \
    each(natsOptions_LoadCATrustedCertificates)    \
    each(natsOptions_LoadCertificatesChain)        \
    each(natsOptions_SetAllowReconnect)            \
    each(natsOptions_SetMaxPingsOut)               \
    each(natsOptions_SetNKeyFromSeed)              \
    each(natsOptions_SetName)                      \
    each(natsOptions_SetPingInterval)              \
    each(natsOptions_SetSecure)                    \
    each(natsOptions_SetSendAsap)                  \
    each(natsOptions_SetServers)                   \
    each(natsOptions_SetTimeout)                   \
    each(natsOptions_SetToken)                     \
    each(natsOptions_SetUserCredentialsFromFiles)  \
    each(natsOptions_SetUserInfo)                  \
    each(natsOptions_SetWriteDeadline)             \
    each(natsStatus_GetText)                       \
    each(natsSubscription_Destroy)                 \
    each(natsSubscription_NextMsg)                 \
    each(natsSubscription_SetPendingLimits)        \
    each(nats_GetLastError)
/* clang-format on */

#define LIBRARY_POINTER(name) __typeof__(name) *name;

struct library {
    LIBRARY_FUNCTIONS(LIBRARY_POINTER)
};

extern struct library nats;

/* Loads it unless it is loaded. NULL, or a sentence that says what is missing. */
const char *library_load(void);

/* A function of libnats itself or of a library that it brings with it; NULL: it has none of this
 * name. */
bool library_find(const char *name, void *function);

#endif
