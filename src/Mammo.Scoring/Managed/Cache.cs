using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Mammo.Scoring.Managed;

/// <summary>Asks for memory before it is needed, where the processor can be asked.</summary>
internal static unsafe class Cache
{
    /// <summary>Values of a cache line.</summary>
    public const int Line = 16;

    /// <summary>Begins to fetch values into the cache; nothing waits for them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(float* values, int count)
    {
        if (!Sse.IsSupported)
            return;
        for (var value = 0; value < count; value += Line)
            Sse.Prefetch0(values + value);
    }

    /// <summary>Begins to fetch a line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FetchLine(float* value)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(value);
    }

    /// <summary>Begins to fetch four lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FetchFour(float* values)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(values);
        Sse.Prefetch0(values + Line);
        Sse.Prefetch0(values + (2 * Line));
        Sse.Prefetch0(values + (3 * Line));
    }

    /// <summary>Begins to fetch a line into the second level of the cache: it is needed after much else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FetchLater(float* value)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(value);
    }
}
