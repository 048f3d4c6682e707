using NetVips;

namespace Mammo.Data.Images;

/// <summary>Sets libvips up once, before it is first used.</summary>
internal static class VipsLibrary
{
    private static readonly Lazy<bool> Ready = new(Prepare);

    /// <exception cref="MammoException"><see cref="ErrorIds.ImageLibraryUnavailable"/>.</exception>
    public static void Require()
    {
        if (!Ready.Value)
            throw new MammoException(ErrorIds.ImageLibraryUnavailable, "libvips cannot be loaded, so that PNG, JPEG, TIFF and WebP images cannot be read or written.",
                "Use the build of the module that is meant for this system.", inner: ModuleInitializer.Exception);
    }

    private static bool Prepare()
    {
        if (!ModuleInitializer.VipsInitialized)
            return false;
        // Images are decoded side by side by our own workers; nothing is asked for twice; warnings arrive as errors, not on standard error.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Message | Enums.LogLevelFlags.Info, static (_, _, _) => { });
        return true;
    }
}
