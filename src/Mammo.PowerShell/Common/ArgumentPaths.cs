using System.Management.Automation;

namespace Mammo.PowerShell.Common;

/// <summary>Paths that are given where an object is wanted.</summary>
internal static class ArgumentPaths
{
    private const string Address = "file://";

    /// <summary>
    /// The path in the file system; that of an address that begins with file://; null when it is on no drive of the file system, or empty: PowerShell takes
    /// that for the current folder, which nobody meant whose variable is empty.
    /// </summary>
    public static string? Full(EngineIntrinsics engine, string path)
    {
        if (path.Length == 0)
            return null;
        if (path.StartsWith(Address, StringComparison.OrdinalIgnoreCase))
            return Uri.TryCreate(path, UriKind.Absolute, out var address) ? address.LocalPath : null;
        try
        {
            var full = engine.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            return provider.Name == "FileSystem" ? full : null;
        }
        catch (Exception failure) when (failure is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            return null;
        }
    }
}
