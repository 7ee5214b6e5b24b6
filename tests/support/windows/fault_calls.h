/* SPDX-License-Identifier: MIT */
/* The system calls of src/ that can fail on Windows. Included ahead of each source file of the
 * library that the suite faults links. Calls that fail by misuse only are left out: CloseHandle,
 * AcquireSRWLockExclusive, CompareStringOrdinal, FindClose, FlsFree, free, GetCurrentProcess,
 * GetCurrentThread, GetCurrentThreadId, GetEnvironmentVariableW, ReleaseSRWLockExclusive,
 * GetCurrentProcessId, GetLastError, GetNumaHighestNodeNumber, GetSecurityDescriptorOwner,
 * GetSystemInfo, GetSystemTimePreciseAsFileTime, GetTickCount, LocalFree, MultiByteToWideChar,
 * ProcessIdToSessionId, QueryPerformanceCounter, QueryPerformanceFrequency, ResetEvent, SetEvent,
 * SetLastError, Sleep, UnlockFileEx, UnmapViewOfFile, VirtualFree, WaitForSingleObject. So are
 * FormatMessageW and WideCharToMultiByte, which find the words for a failure.
 * tests/check_fault_calls.py makes sure that no call is forgotten. */
#ifndef MAPRING_TESTS_WINDOWS_FAULT_CALLS_H
#define MAPRING_TESTS_WINDOWS_FAULT_CALLS_H

#include <windows.h>
#include <sddl.h>
#include <stdlib.h>

/* CALL(type, name, return value on failure, parameters, arguments, errors...) */
/* clang-format off */
#define FAULT_CALLS(CALL)                                                                         \
    CALL(void *, calloc, NULL, (size_t count, size_t bytes), (count, bytes),                      \
         ERROR_NOT_ENOUGH_MEMORY)                                                                 \
    CALL(BOOL, ConvertSidToStringSidW, FALSE, (PSID user, LPWSTR *text), (user, text),            \
         ERROR_NOT_ENOUGH_MEMORY)                                                                 \
    CALL(BOOL, ConvertStringSecurityDescriptorToSecurityDescriptorW, FALSE,                       \
         (LPCWSTR text, DWORD revision, PSECURITY_DESCRIPTOR *descriptor, PULONG bytes),          \
         (text, revision, descriptor, bytes), ERROR_NOT_ENOUGH_MEMORY)                            \
    CALL(HANDLE, CreateEventExW, NULL,                                                            \
         (LPSECURITY_ATTRIBUTES security, LPCWSTR name, DWORD flags, DWORD access),               \
         (security, name, flags, access), ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE,              \
         ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_SYSTEM_RESOURCES)                                      \
    CALL(HANDLE, CreateEventW, NULL,                                                              \
         (LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL set, LPCWSTR name),                   \
         (security, manual, set, name), ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_SYSTEM_RESOURCES)       \
    CALL(HANDLE, CreateFileMappingW, NULL,                                                        \
         (HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protection, DWORD high, DWORD low,   \
          LPCWSTR name),                                                                          \
         (file, security, protection, high, low, name), ERROR_NOT_ENOUGH_MEMORY,                  \
         ERROR_ACCESS_DENIED, ERROR_COMMITMENT_LIMIT, ERROR_FILE_INVALID)                         \
    CALL(HANDLE, CreateFileMappingNumaW, NULL,                                                    \
         (HANDLE file, LPSECURITY_ATTRIBUTES security, DWORD protection, DWORD high, DWORD low,   \
          LPCWSTR name, DWORD node),                                                              \
         (file, security, protection, high, low, name, node), ERROR_NOT_ENOUGH_MEMORY,            \
         ERROR_ACCESS_DENIED, ERROR_COMMITMENT_LIMIT, ERROR_INVALID_HANDLE)                       \
    CALL(HANDLE, CreateFileW, INVALID_HANDLE_VALUE,                                               \
         (LPCWSTR path, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES security, DWORD how,     \
          DWORD flags, HANDLE like),                                                              \
         (path, access, share, security, how, flags, like), ERROR_FILE_NOT_FOUND,                 \
         ERROR_PATH_NOT_FOUND, ERROR_TOO_MANY_OPEN_FILES, ERROR_ACCESS_DENIED,                    \
         ERROR_SHARING_VIOLATION, ERROR_NOT_ENOUGH_MEMORY, ERROR_DISK_FULL)                       \
    CALL(HANDLE, CreateThread, NULL,                                                              \
         (LPSECURITY_ATTRIBUTES security, SIZE_T stack, LPTHREAD_START_ROUTINE run,               \
          LPVOID context, DWORD flags, LPDWORD id),                                               \
         (security, stack, run, context, flags, id), ERROR_NOT_ENOUGH_MEMORY,                     \
         ERROR_NO_SYSTEM_RESOURCES)                                                               \
    CALL(BOOL, DeleteFileW, FALSE, (LPCWSTR path), (path), ERROR_ACCESS_DENIED,                   \
         ERROR_SHARING_VIOLATION, ERROR_USER_MAPPED_FILE, ERROR_FILE_NOT_FOUND,                   \
         ERROR_WRITE_PROTECT)                                                                     \
    CALL(BOOL, DeviceIoControl, FALSE,                                                            \
         (HANDLE file, DWORD what, LPVOID in, DWORD in_bytes, LPVOID out, DWORD out_bytes,        \
          LPDWORD used, LPOVERLAPPED place),                                                      \
         (file, what, in, in_bytes, out, out_bytes, used, place), ERROR_INVALID_FUNCTION)         \
    CALL(HANDLE, FindFirstFileW, INVALID_HANDLE_VALUE, (LPCWSTR path, LPWIN32_FIND_DATAW file),   \
         (path, file), ERROR_ACCESS_DENIED, ERROR_PATH_NOT_FOUND)                                 \
    CALL(BOOL, FindNextFileW, FALSE, (HANDLE search, LPWIN32_FIND_DATAW file), (search, file),    \
         ERROR_NOT_ENOUGH_MEMORY)                                                                 \
    CALL(DWORD, FlsAlloc, FLS_OUT_OF_INDEXES, (PFLS_CALLBACK_FUNCTION ended), (ended),            \
         ERROR_NOT_ENOUGH_MEMORY)                                                                 \
    CALL(BOOL, FlsSetValue, FALSE, (DWORD slot, PVOID value), (slot, value),                      \
         ERROR_NOT_ENOUGH_MEMORY)                                                                 \
    CALL(BOOL, FlushFileBuffers, FALSE, (HANDLE file), (file), ERROR_DISK_FULL,                   \
         ERROR_WRITE_FAULT)                                                                       \
    CALL(BOOL, FlushViewOfFile, FALSE, (LPCVOID at, SIZE_T bytes), (at, bytes),                   \
         ERROR_DISK_FULL, ERROR_WRITE_FAULT)                                                      \
    CALL(BOOL, GetDiskFreeSpaceExW, FALSE,                                                        \
         (LPCWSTR folder, PULARGE_INTEGER left, PULARGE_INTEGER all, PULARGE_INTEGER unused),     \
         (folder, left, all, unused), ERROR_INVALID_FUNCTION)                                     \
    CALL(DWORD, GetFileAttributesW, INVALID_FILE_ATTRIBUTES, (LPCWSTR path), (path),              \
         ERROR_ACCESS_DENIED)                                                                     \
    CALL(BOOL, GetFileInformationByHandle, FALSE,                                                 \
         (HANDLE file, LPBY_HANDLE_FILE_INFORMATION is), (file, is), ERROR_IO_DEVICE)             \
    CALL(BOOL, GetFileInformationByHandleEx, FALSE,                                               \
         (HANDLE file, FILE_INFO_BY_HANDLE_CLASS what, LPVOID is, DWORD bytes),                   \
         (file, what, is, bytes), ERROR_NOT_SUPPORTED)                                            \
    CALL(BOOL, GetFileSizeEx, FALSE, (HANDLE file, PLARGE_INTEGER size), (file, size),            \
         ERROR_IO_DEVICE)                                                                         \
    CALL(DWORD, GetFileType, FILE_TYPE_UNKNOWN, (HANDLE file), (file), ERROR_IO_DEVICE)           \
    CALL(DWORD, GetFullPathNameW, 0, (LPCWSTR path, DWORD bytes, LPWSTR full, LPWSTR *last),      \
         (path, bytes, full, last), ERROR_NOT_ENOUGH_MEMORY)                                      \
    CALL(BOOL, GetKernelObjectSecurity, FALSE,                                                    \
         (HANDLE object, SECURITY_INFORMATION what, PSECURITY_DESCRIPTOR is, DWORD bytes,         \
          LPDWORD used),                                                                          \
         (object, what, is, bytes, used), ERROR_ACCESS_DENIED, ERROR_NOT_ENOUGH_MEMORY)           \
    CALL(DWORD, GetModuleFileNameW, 0, (HMODULE module, LPWSTR name, DWORD size),                 \
         (module, name, size), ERROR_NOT_ENOUGH_MEMORY)                                           \
    CALL(HMODULE, GetModuleHandleW, NULL, (LPCWSTR name), (name), ERROR_MOD_NOT_FOUND)            \
    CALL(BOOL, GetProcessTimes, FALSE,                                                            \
         (HANDLE process, LPFILETIME created, LPFILETIME ended, LPFILETIME kernel,                \
          LPFILETIME user),                                                                       \
         (process, created, ended, kernel, user), ERROR_ACCESS_DENIED)                            \
    CALL(BOOL, GetTokenInformation, FALSE,                                                        \
         (HANDLE token, TOKEN_INFORMATION_CLASS what, LPVOID is, DWORD bytes, PDWORD used),       \
         (token, what, is, bytes, used), ERROR_NOT_ENOUGH_MEMORY)                                 \
    CALL(BOOL, LockFileEx, FALSE,                                                                 \
         (HANDLE file, DWORD flags, DWORD none, DWORD low, DWORD high, LPOVERLAPPED place),       \
         (file, flags, none, low, high, place), ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_FUNCTION)  \
    CALL(void *, malloc, NULL, (size_t bytes), (bytes), ERROR_NOT_ENOUGH_MEMORY)                  \
    CALL(LPVOID, MapViewOfFile, NULL,                                                             \
         (HANDLE section, DWORD access, DWORD high, DWORD low, SIZE_T bytes),                     \
         (section, access, high, low, bytes), ERROR_NOT_ENOUGH_MEMORY, ERROR_COMMITMENT_LIMIT)    \
    CALL(LPVOID, MapViewOfFileEx, NULL,                                                           \
         (HANDLE section, DWORD access, DWORD high, DWORD low, SIZE_T bytes, LPVOID at),          \
         (section, access, high, low, bytes, at), ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_ADDRESS, \
         ERROR_COMMITMENT_LIMIT)                                                                  \
    CALL(HANDLE, OpenEventW, NULL, (DWORD access, BOOL inherit, LPCWSTR name),                    \
         (access, inherit, name), ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_SYSTEM_RESOURCES)             \
    CALL(HANDLE, OpenFileMappingW, NULL, (DWORD access, BOOL inherit, LPCWSTR name),              \
         (access, inherit, name), ERROR_NOT_ENOUGH_MEMORY, ERROR_ACCESS_DENIED,                   \
         ERROR_INVALID_HANDLE)                                                                    \
    CALL(BOOL, OpenProcessToken, FALSE, (HANDLE process, DWORD access, PHANDLE token),            \
         (process, access, token), ERROR_ACCESS_DENIED, ERROR_NOT_ENOUGH_MEMORY)                  \
    CALL(BOOL, ReadFile, FALSE,                                                                   \
         (HANDLE file, LPVOID to, DWORD bytes, LPDWORD got, LPOVERLAPPED place),                  \
         (file, to, bytes, got, place), ERROR_IO_DEVICE, ERROR_LOCK_VIOLATION, ERROR_HANDLE_EOF)  \
    CALL(void *, realloc, NULL, (void *old, size_t bytes), (old, bytes),                          \
         ERROR_NOT_ENOUGH_MEMORY)                                                                 \
    CALL(BOOL, SetEndOfFile, FALSE, (HANDLE file), (file), ERROR_DISK_FULL,                       \
         ERROR_USER_MAPPED_FILE)                                                                  \
    CALL(BOOL, SetFilePointerEx, FALSE,                                                           \
         (HANDLE file, LARGE_INTEGER to, PLARGE_INTEGER is, DWORD from), (file, to, is, from),    \
         ERROR_IO_DEVICE)                                                                         \
    CALL(LPVOID, VirtualAlloc, NULL, (LPVOID at, SIZE_T bytes, DWORD type, DWORD protection),     \
         (at, bytes, type, protection), ERROR_NOT_ENOUGH_MEMORY)                                  \
    CALL(SIZE_T, VirtualQuery, 0, (LPCVOID at, PMEMORY_BASIC_INFORMATION is, SIZE_T bytes),       \
         (at, is, bytes), ERROR_NOT_ENOUGH_MEMORY)                                                \
    CALL(BOOL, WriteFile, FALSE,                                                                  \
         (HANDLE file, LPCVOID data, DWORD bytes, LPDWORD done, LPOVERLAPPED place),              \
         (file, data, bytes, done, place), ERROR_DISK_FULL, ERROR_IO_DEVICE, ERROR_ACCESS_DENIED)
/* clang-format on */

#define FAULT_DECLARE(type, name, failure, parameters, arguments, ...) type fault_##name parameters;
FAULT_CALLS(FAULT_DECLARE)
FARPROC fault_GetProcAddress(HMODULE module, LPCSTR name);
BOOL fault_VirtualFree(LPVOID at, SIZE_T bytes, DWORD type); /* not made to fail; see play.h */

#ifndef FAULT_OWN_CALLS
#define calloc                 fault_calloc
#define ConvertSidToStringSidW fault_ConvertSidToStringSidW
#define ConvertStringSecurityDescriptorToSecurityDescriptorW \
    fault_ConvertStringSecurityDescriptorToSecurityDescriptorW
#define CreateEventExW               fault_CreateEventExW
#define CreateEventW                 fault_CreateEventW
#define CreateFileMappingNumaW       fault_CreateFileMappingNumaW
#define CreateFileMappingW           fault_CreateFileMappingW
#define CreateFileW                  fault_CreateFileW
#define CreateThread                 fault_CreateThread
#define DeleteFileW                  fault_DeleteFileW
#define DeviceIoControl              fault_DeviceIoControl
#define FindFirstFileW               fault_FindFirstFileW
#define FindNextFileW                fault_FindNextFileW
#define FlsAlloc                     fault_FlsAlloc
#define FlsSetValue                  fault_FlsSetValue
#define FlushFileBuffers             fault_FlushFileBuffers
#define FlushViewOfFile              fault_FlushViewOfFile
#define GetDiskFreeSpaceExW          fault_GetDiskFreeSpaceExW
#define GetFileAttributesW           fault_GetFileAttributesW
#define GetFileInformationByHandle   fault_GetFileInformationByHandle
#define GetFileInformationByHandleEx fault_GetFileInformationByHandleEx
#define GetFileSizeEx                fault_GetFileSizeEx
#define GetFileType                  fault_GetFileType
#define GetFullPathNameW             fault_GetFullPathNameW
#define GetKernelObjectSecurity      fault_GetKernelObjectSecurity
#define GetModuleFileNameW           fault_GetModuleFileNameW
#define GetModuleHandleW             fault_GetModuleHandleW
#define GetProcAddress               fault_GetProcAddress
#define GetProcessTimes              fault_GetProcessTimes
#define GetTokenInformation          fault_GetTokenInformation
#define LockFileEx                   fault_LockFileEx
#define malloc                       fault_malloc
#define MapViewOfFile                fault_MapViewOfFile
#define MapViewOfFileEx              fault_MapViewOfFileEx
#define OpenEventW                   fault_OpenEventW
#define OpenFileMappingW             fault_OpenFileMappingW
#define OpenProcessToken             fault_OpenProcessToken
#define ReadFile                     fault_ReadFile
#define realloc                      fault_realloc
#define SetEndOfFile                 fault_SetEndOfFile
#define SetFilePointerEx             fault_SetFilePointerEx
#define VirtualAlloc                 fault_VirtualAlloc
#define VirtualFree                  fault_VirtualFree
#define VirtualQuery                 fault_VirtualQuery
#define WriteFile                    fault_WriteFile
#endif

#endif
