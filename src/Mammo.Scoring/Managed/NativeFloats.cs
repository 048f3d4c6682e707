using System.Runtime.InteropServices;

namespace Mammo.Scoring.Managed;

/// <summary>
/// Float32 values outside the garbage collector's heap, at an address that is a multiple of 64, freed at the latest by the finalizer. Not cleared.
/// </summary>
internal sealed unsafe class NativeFloats : SafeHandle
{
    // Registers are loaded whole: the last one may reach behind the last value.
    private const int Slack = 64;
    private const int Alignment = 64;

    /// <summary>Allocates.</summary>
    /// <param name="length">Number of values.</param>
    /// <param name="what">What they are for, for the message.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.EngineFailed"/>: there is not so much memory.</exception>
    public NativeFloats(long length, string what)
        : base(IntPtr.Zero, ownsHandle: true)
    {
        Length = length;
        var bytes = checked((length + Slack) * sizeof(float));
        // Linux promises any amount and ends the process that uses it.
        if (bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
            throw TooLarge(bytes, what, null);
        try
        {
            SetHandle((IntPtr)NativeMemory.AlignedAlloc((nuint)bytes, Alignment));
        }
        catch (OutOfMemoryException failure)
        {
            throw TooLarge(bytes, what, failure);
        }

        // The slack is read, never used; what stands there must not be slow to compute with.
        new Span<float>(Pointer + length, Slack).Clear();
        GC.AddMemoryPressure(bytes);
    }

    /// <summary>Number of values.</summary>
    public long Length { get; }

    /// <summary>The first value. Whoever uses it keeps this object alive.</summary>
    public float* Pointer => (float*)handle;

    /// <inheritdoc/>
    public override bool IsInvalid => handle == IntPtr.Zero;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        GC.RemoveMemoryPressure((Length + Slack) * sizeof(float));
        return true;
    }

    private static MammoException TooLarge(long bytes, string what, OutOfMemoryException? failure) => new(
        ErrorIds.EngineFailed,
        $"Mammo's engine needs {bytes / (1024 * 1024.0):F0} MB for {what}, which this machine does not have.",
        "Use smaller images, or free memory.",
        inner: failure);
}
