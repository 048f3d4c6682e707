using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Mammo.Torch;

/// <summary>Opens a native library for the life of the process.</summary>
internal static partial class SharedLibrary
{
    private const int ResolveNow = 2;

    /// <summary>The file name of a library on this system: <c>libc10.so</c>, <c>c10.dll</c> or <c>libc10.dylib</c>.</summary>
    public static string FileName(string name) =>
        OperatingSystem.IsWindows() ? name + ".dll" : OperatingSystem.IsMacOS() ? "lib" + name + ".dylib" : "lib" + name + ".so";

    /// <summary>Opens the library at a full path with all that it needs.</summary>
    /// <exception cref="DllNotFoundException">It cannot be loaded; the message is the system's own.</exception>
    public static void Open(string path)
    {
        if (OperatingSystem.IsLinux())
            OpenAndResolve(path);
        else
            NativeLibrary.Load(path);
    }

    // The runtime binds functions at their first call. With a libtorch of another version the missing one would then end the process, so all are bound here,
    // where it is an error.
    private static void OpenAndResolve(string path)
    {
        if (IsCutOff(path))
            throw new DllNotFoundException("The file is cut off.");
        // The first call also binds 'dlerror' itself, which would otherwise wipe out the message.
        _ = LastError();
        if (OpenLibrary(path, ResolveNow) == 0)
            throw new DllNotFoundException(Marshal.PtrToStringUTF8(LastError()) ?? path);
    }

    // The system maps what the file claims to hold and ends the process at the first page that is missing. The table of sections stands last in a file;
    // its offset, entry size and count are in the ELF header (System V ABI, "ELF Header") at 40, 58 and 60.
    private static bool IsCutOff(string path)
    {
        using var file = InputFile.Open(path);
        Span<byte> header = stackalloc byte[64];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            return true;
        var end = BinaryPrimitives.ReadUInt64LittleEndian(header[40..])
            + ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(header[58..]) * BinaryPrimitives.ReadUInt16LittleEndian(header[60..]));
        return header.StartsWith("\u007fELF"u8) && end > (ulong)file.Length;
    }

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenLibrary(string path, int mode);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    private static partial nint LastError();
}
