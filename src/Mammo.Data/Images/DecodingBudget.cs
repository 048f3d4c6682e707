namespace Mammo.Data.Images;

/// <summary>
/// Memory for decoding images, of all threads of the process together: samples as the decoder gives them and the grey result. An image waits while others have
/// the memory that it needs; one that needs more than all of it is refused before it is decoded. Networks are compared with it before they run.
/// </summary>
public static class DecodingBudget
{
    private static readonly object Gate = new();
    private static long _most;
    private static long _taken;

    /// <summary>The budget in bytes: a quarter of the memory that this process may use, unless it was set.</summary>
    public static long Bytes
    {
        get => _most > 0 ? _most : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;
        set => _most = value;
    }

    /// <summary>Takes memory for one image, and waits where there is none left; disposing gives it back.</summary>
    /// <param name="size">Its rows and columns.</param>
    /// <param name="bytesPerPixel">What a pixel takes while it is decoded: samples, what the decoder keeps, and two bytes of the result.</param>
    /// <exception cref="ImageLimitException">It is more than the whole budget.</exception>
    internal static IDisposable Take(ImageSize size, int bytesPerPixel)
    {
        var bytes = (long)size.Height * size.Width * bytesPerPixel;
        lock (Gate)
        {
            if (bytes > Bytes)
            {
                throw new ImageLimitException(FormattableString.Invariant(
                    $"decoding its {size} pixels takes {bytes >> 20} MiB, and the budget for all images is {Bytes >> 20} MiB (-MemoryBudget raises it)"));
            }

            while (_taken > 0 && _taken + bytes > Bytes)
                Monitor.Wait(Gate);
            _taken += bytes;
        }

        return new Lease(bytes);
    }

    private sealed class Lease(long bytes) : IDisposable
    {
        private long _bytes = bytes;

        public void Dispose()
        {
            lock (Gate)
            {
                _taken -= _bytes;
                _bytes = 0;
                Monitor.PulseAll(Gate);
            }
        }
    }
}
