using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Mammo;

/// <summary>
/// Names of the temporary files that Mammo writes beside its results: a prefix, the machine, the process and a random part
/// (<c>.mammo-5f3a01c2-1234-k2x0q1ab.tmp</c>). What processes that were killed left behind is removed by the next write to the folder.
/// </summary>
internal static class TemporaryFiles
{
    private const string Prefix = ".mammo-";
    private const string Extension = ".tmp";
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    // Containers may share a host's name, but not its numbers of processes; those of one are numbered in a namespace of their own.
    private static readonly string Machine = Hash(Environment.MachineName + ProcessNamespace()).ToString("x8", CultureInfo.InvariantCulture);
    private static readonly ConcurrentDictionary<string, DateTime> Swept = new(StringComparer.Ordinal);

    /// <summary>A new name in a folder.</summary>
    public static string In(string folder) => Path.Combine(
        folder, string.Create(
            CultureInfo.InvariantCulture,
            $"{Prefix}{Machine}-{Environment.ProcessId}-{Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)}{Extension}"));

    /// <summary>Removes what dead processes left in a folder; at most once in a minute, for a folder may hold many files.</summary>
    public static void SweepNowAndThen(string folder)
    {
        var now = DateTime.UtcNow;
        if (Swept.TryGetValue(folder, out var last) && now - last < Pause)
            return;
        Swept[folder] = now;
        Sweep(folder);
    }

    /// <summary>Removes what dead processes left in a folder. What cannot be removed stays.</summary>
    public static void Sweep(string folder)
    {
        try
        {
            foreach (var file in Directory.GetFiles(folder, Prefix + "*" + Extension).Where(IsAbandoned))
                Remove(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Tidying up is no reason to fail.
        }
    }

    /// <summary>Removes a file; that it cannot be removed is no error.</summary>
    public static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The failure that led here, if any, is the one to report.
        }
    }

    private static bool IsAbandoned(string file)
    {
        if (Path.GetFileName(file).Split('-') is not [_, var machine, var process, _]
            || !int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return false;
        var written = File.GetLastWriteTimeUtc(file);

        // Nothing is known of processes of another machine, which writes a file in far less than a day.
        return machine == Machine ? !IsAlive(id, written) : DateTime.UtcNow - written > Abandoned;
    }

    // A process that began after the file was written only has the number of the one that wrote it; but clocks are set, so that a file of today is left to it.
    private static bool IsAlive(int id, DateTime written)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime() <= written.AddSeconds(2) || DateTime.UtcNow - written < Abandoned;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has just ended, or is another user's.
            return true;
        }
    }

    private static string ProcessNamespace()
    {
        try
        {
            return new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static uint Hash(string text) => text.Aggregate(2166136261u, (hash, letter) => (hash ^ letter) * 16777619u);
}
