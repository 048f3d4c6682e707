using System.Runtime.InteropServices;

namespace Mammo.Tests.Support;

/// <summary>What work costs the thread that does it: the same on a busy machine as on a quiet one, and whatever other tests do meanwhile.</summary>
/// <param name="Processor">Processor time.</param>
/// <param name="Allocated">Managed memory, freed or not, in bytes.</param>
internal readonly partial record struct Effort(TimeSpan Processor, long Allocated)
{
    private const int ThreadProcessorTime = 3;

    public static Effort Of(Action work)
    {
        var before = Now();
        work();
        var after = Now();
        return new Effort(after.Processor - before.Processor, after.Allocated - before.Allocated);
    }

    private static Effort Now() => new(Time(), GC.GetAllocatedBytesForCurrentThread());

    private static TimeSpan Time()
    {
        if (OperatingSystem.IsWindows())
        {
            Marshal.ThrowExceptionForHR(GetThreadTimes(-2, out _, out _, out var kernel, out var user) ? 0 : Marshal.GetHRForLastWin32Error());
            return new TimeSpan(kernel + user);
        }

        Assert.Equal(0, ClockGetTime(ThreadProcessorTime, out var time));
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out Timespec time);

    /// <param name="thread">-2 is the calling thread.</param>
    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetThreadTimes(nint thread, out long creation, out long exit, out long kernel, out long user);

    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
