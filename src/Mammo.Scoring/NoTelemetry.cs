using System.Runtime.InteropServices;

namespace Mammo.Scoring;

/// <summary>
/// Tells ONNX Runtime before it is loaded to keep no telemetry: on Linux it otherwise writes a device id and an event into the user's cache folder as soon as
/// its environment object is made. Variables that .NET sets do not reach native code on Unix.
/// </summary>
internal static partial class NoTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Sets the variable, also for programs that this one starts.</summary>
    public static void Set()
    {
        Environment.SetEnvironmentVariable(Variable, "1");
        if (!OperatingSystem.IsWindows())
            _ = SetNative(Variable, "1", 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNative(string name, string value, int overwrite);
}
