using System.Diagnostics;
using System.Globalization;

namespace Mammo.Archive.Shards;

/// <summary>
/// A process in a way that another one can check: the machine and its start, the space of process numbers (containers have their own), the number, and when
/// the process began.
/// </summary>
/// <param name="Machine">Name of the machine, with what tells its starts and containers apart where the system reports it.</param>
/// <param name="Process">Number of the process.</param>
/// <param name="Start">When it began, in a unit of the system's.</param>
internal sealed record ProcessIdentity(string Machine, int Process, long Start)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Own { get; } = new(Here(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    /// <summary>Whether the process was one of this machine and is gone; false where nothing can be known.</summary>
    public bool IsGone => Machine == Own.Machine && StartOf(Process) is var start && start != Start;

    /// <summary>Whether it is a process of this machine that runs.</summary>
    public bool IsHere => Machine == Own.Machine && StartOf(Process) == Start;

    private static string Here()
    {
        var name = Environment.MachineName;
        if (!OperatingSystem.IsLinux())
            return name;
        try
        {
            var space = new FileInfo("/proc/self/ns/pid").ResolveLinkTarget(returnFinalTarget: false)?.Name;
            return $"{name} {File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()} {space}";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return name;
        }
    }

    // Null for none. Of a process that is dead and not yet collected the system still knows the number.
    private static long? StartOf(int process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // The name in brackets may hold blanks; behind it the state is the first field, the start the 20th (proc(5)).
                var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
                var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
            }

            using var found = System.Diagnostics.Process.GetProcessById(process);
            return found.StartTime.ToUniversalTime().Ticks;
        }
        catch (Exception failure) when (failure is ArgumentException or IOException or UnauthorizedAccessException or InvalidOperationException
            or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
