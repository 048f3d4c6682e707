using System.Runtime.Loader;
using TorchSharp;

namespace Mammo.Torch;

/// <summary>
/// Loads libtorch by full path before TorchSharp looks for it: left to itself, TorchSharp copies half a gigabyte about when it finds nothing beside its own
/// file, and blames a missing package.
/// </summary>
internal static class NativeTorch
{
    /// <summary>Names a folder with another libtorch: an existing PyTorch's <c>torch/lib</c>, or a CUDA build.</summary>
    public const string FolderVariable = "MAMMO_LIBTORCH";

    // In the order in which they need each other. The CUDA ones are there in CUDA builds only.
    private static readonly string[] Libraries = ["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"];

    /// <summary>The libraries that every libtorch has.</summary>
    public static IEnumerable<string> Needed => Libraries.Where(library => !library.EndsWith("cuda", StringComparison.Ordinal));

    private static readonly object Gate = new();
    private static volatile bool _loaded;

    /// <summary>Makes torch ready for use; does nothing from the second time on, and tries again after a failure.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.TorchUnavailable"/>: a library is missing, too old or of another version.</exception>
    public static void EnsureLoaded()
    {
        if (_loaded) return;
        lock (Gate)
        {
            if (_loaded) return;
            Load(Place());
            _loaded = true;
        }
    }

    /// <summary>True when the libtorch that would be loaded is a CUDA build; loads nothing.</summary>
    public static bool HasCudaLibraries() =>
        File.Exists(Path.Combine(Place().Folder, SharedLibrary.FileName("torch_cuda")));

    /// <summary>Where libtorch would be loaded from, and whether the environment says so: what it names, the module's own, or one that was installed.</summary>
    public static (string Folder, bool IsNamed) Place()
    {
        var named = Environment.GetEnvironmentVariable(FolderVariable);
        if (!string.IsNullOrEmpty(named))
            return (Path.GetFullPath(named), true);
        return File.Exists(Path.Combine(Own, SharedLibrary.FileName("torch_cpu"))) ? (Own, false) : (InstalledRuntime.Best()?.Libraries ?? Own, false);
    }

    private static string Own => Path.GetDirectoryName(typeof(torch).Assembly.Location)!;

    private static void Load((string Folder, bool IsNamed) place)
    {
        var (folder, own) = (place.Folder, Own);
        if (folder != own)
            RefuseSecondLibtorch(folder, own);

        // The module's load context answers TorchSharp with the libraries of this folder.
        AppContext.SetData("Mammo.Libtorch", folder);

        foreach (var library in Libraries)
        {
            var path = Path.Combine(folder, SharedLibrary.FileName(library));
            if (File.Exists(path))
                Open(path);
            else if (!library.EndsWith("cuda", StringComparison.Ordinal))
                throw Missing(path, place.IsNamed);
        }

        var binding = Path.Combine(own, SharedLibrary.FileName("LibTorchSharp"));
        if (!File.Exists(binding))
            throw Missing(binding, isNamed: false);
        Open(binding);
        CheckTensor(folder);
    }

    // TorchSharp asks the runtime for 'torch_cpu' by name. The module's load context answers with the folder that is named here; without that context the
    // runtime takes
    // the file beside TorchSharp.dll, and two libtorch in one process end it.
    private static void RefuseSecondLibtorch(string folder, string own)
    {
        var second = Path.Combine(own, SharedLibrary.FileName("torch_cpu"));
        if (AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly) == AssemblyLoadContext.Default && File.Exists(second))
        {
            throw Unavailable($"{FolderVariable} names the libtorch in '{folder}', but this program has its own, '{second}'.",
                "Build the program with -p:MammoTorch=none, or use the module.", second);
        }
    }

    private static void Open(string path)
    {
        try
        {
            SharedLibrary.Open(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw Unavailable($"libtorch cannot be loaded from '{path}': {e.Message.Trim()}", CureFor(e.Message), path, e);
        }
    }

    private static void CheckTensor(string folder)
    {
        try
        {
            using var pair = torch.ones(2);
            using var sum = pair.sum();
            if (sum.item<float>() != 2f)
                throw Unavailable($"libtorch in '{folder}' adds 1 and 1 wrongly.", "Use libtorch 2.10.", folder);
        }
        catch (Exception e) when (e is not MammoException)
        {
            var cause = e is TypeInitializationException { InnerException: { } inner } ? inner : e;
            throw Unavailable($"libtorch was loaded from '{folder}', but cannot make a tensor: {cause.Message.Trim()}", CureFor(cause.Message), folder, e);
        }
    }

    private static MammoException Missing(string path, bool isNamed) => isNamed
        ? Unavailable($"{FolderVariable} names a folder without libtorch: '{path}' does not exist.",
            $"Set {FolderVariable} to the folder that holds {Path.GetFileName(path)} (in PyTorch 2.10: torch/lib), or unset it.", path)
        : Unavailable($"libtorch is not installed: '{path}' does not exist. Training, GPUs, float64 and bfloat16 need it; scoring in float32 on the CPU "
            + "does not.",
            "Run Install-MammoRuntime.", path);

    private static string CureFor(string message)
    {
        if (message.Contains("GLIBC", StringComparison.Ordinal))
            return "The system's C or C++ library is too old for this libtorch: use Debian 12, Ubuntu 22.04, RHEL 9 or newer.";
        if (message.Contains("undefined symbol", StringComparison.Ordinal) || message.Contains("entry point", StringComparison.OrdinalIgnoreCase))
            return "This libtorch is of another version than TorchSharp needs: use libtorch 2.10.";
        if (message.Contains("cut off", StringComparison.Ordinal))
            return "Check that the disk is not full, delete the file and build Mammo again with 'dotnet build'.";
        return OperatingSystem.IsWindows()
            ? "Install the Microsoft Visual C++ Redistributable (x64), then try again in a new session."
            : "Install the library that is named, then try again.";
    }

    private static MammoException Unavailable(string message, string suggestedFix, string target, Exception? inner = null) =>
        new(ErrorIds.TorchUnavailable, message, suggestedFix, target, inner);
}
