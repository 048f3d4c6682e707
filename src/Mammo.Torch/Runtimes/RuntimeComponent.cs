using System.Globalization;
using System.Reflection;
using Mammo.Data.Images;
using Mammo.Scoring.Managed;
using TorchSharp;

namespace Mammo.Torch.Runtimes;

/// <summary>Whether a part of what runs networks can be used.</summary>
public enum ComponentStatus
{
    /// <summary>It can be used.</summary>
    Ready,

    /// <summary>It is not there, and <see cref="RuntimeComponent.SuggestedFix"/> says what brings it.</summary>
    Missing,

    /// <summary>This machine has none.</summary>
    None,
}

/// <summary>A part of what runs networks on this machine: an engine, a library, the processor, a GPU.</summary>
public sealed record RuntimeComponent
{
    private const string Rebuild = "Install Mammo again (Install-PSResource Mammo -Reinstall), or 'dotnet build' in a clone.";

    /// <summary>What it is.</summary>
    public required string Name { get; init; }

    /// <summary>Its version; empty where it has none.</summary>
    public string Version { get; init; } = "";

    /// <summary>Whether it can be used.</summary>
    public ComponentStatus Status { get; init; }

    /// <summary>What it does, and where it is.</summary>
    public required string Detail { get; init; }

    /// <summary>The one line that brings what is missing; empty where nothing is.</summary>
    public string SuggestedFix { get; init; } = "";

    /// <summary>All parts. Loads no native library, but for libtorch's where it is a build with CUDA, which alone knows its GPUs.</summary>
    public static IEnumerable<RuntimeComponent> All()
    {
        yield return new RuntimeComponent { Name = "Processor", Detail = Processor() };
        yield return new RuntimeComponent
        {
            Name = "Engine Mammo",
            Version = typeof(RuntimeComponent).Assembly.GetName().Version!.ToString(3),
            Status = ProcessorLanes.Widest > 0 ? ComponentStatus.Ready : ComponentStatus.None,
            Detail = ProcessorLanes.Widest > 0
                ? string.Create(CultureInfo.InvariantCulture, $"scores in float32 on this processor, {32 * ProcessorLanes.Widest} bits at a time")
                : "this processor has neither AVX2 nor NEON; ONNX Runtime scores instead",
        };
        yield return Library(
            "Engine Onnx",
            typeof(Microsoft.ML.OnnxRuntime.InferenceSession),
            "onnxruntime",
            "scores in float32 on the processor",
            $"Not needed for what Mammo's own engine computes. {Rebuild}");
        yield return Torch();
        foreach (var runtime in InstalledRuntime.All())
        {
            yield return new RuntimeComponent
            {
                Name = runtime.Name,
                Version = runtime.Version,
                Status = runtime.IsWhole ? ComponentStatus.Ready : ComponentStatus.Missing,
                Detail = $"installed for {(runtime.Scope == RuntimeScope.CurrentUser ? "this user" : "all users")}: '{runtime.Libraries}'"
                    + (runtime.IsWhole ? "" : ", but libraries are missing there"),
                SuggestedFix = runtime.IsWhole ? ""
                    : $"Uninstall-MammoRuntime {runtime.Name}{(runtime.Scope == RuntimeScope.AllUsers ? " -Scope AllUsers" : "")}; Install-MammoRuntime",
            };
        }

        yield return Gpu();
        yield return Library("libvips", typeof(NetVips.Image), OperatingSystem.IsWindows() ? "libvips-42" : "vips", "reads PNG, TIFF, JPEG and WebP", Rebuild);
    }

    private static string Processor() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} threads, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20} MiB of memory, of which decoding images may take "
        + $"{DecodingBudget.Bytes >> 20} MiB");

    private static RuntimeComponent Library(string name, Type binding, string library, string detail, string fix)
    {
        var folder = Path.GetDirectoryName(binding.Assembly.Location)!;
        var isThere = Directory.EnumerateFiles(folder, SharedLibrary.FileName(library) + "*").Any();
        return new RuntimeComponent
        {
            Name = name,
            Version = VersionOf(binding),
            Status = isThere ? ComponentStatus.Ready : ComponentStatus.Missing,
            Detail = isThere ? detail : $"its library is not in '{folder}'",
            SuggestedFix = isThere ? "" : fix,
        };
    }

    private static RuntimeComponent Torch()
    {
        var (folder, isNamed) = NativeTorch.Place();
        var isThere = File.Exists(Path.Combine(folder, SharedLibrary.FileName("torch_cpu")));
        var origin = isNamed ? $"{NativeTorch.FolderVariable} names '{folder}'" : $"in '{folder}'";
        return new RuntimeComponent
        {
            Name = "Engine Torch",
            Version = isThere ? InstalledRuntime.RequiredVersion : "",
            Status = isThere ? ComponentStatus.Ready : ComponentStatus.Missing,
            Detail = isThere ? $"trains; scores in float32, bfloat16 and float64; {origin}"
                : isNamed ? $"{origin}, which has no libtorch" : "no libtorch is installed",
            SuggestedFix = isThere ? "" : isNamed ? $"Unset {NativeTorch.FolderVariable}, or set it to a folder with libtorch." : "Install-MammoRuntime",
        };
    }

    private static RuntimeComponent Gpu()
    {
        const string Fix = "Install-MammoRuntime -Libtorch FOLDER, with a PyTorch for CUDA, on a machine with NVIDIA's driver";
        if (!NativeTorch.HasCudaLibraries())
            return new RuntimeComponent { Name = "GPU", Status = ComponentStatus.None, Detail = "this libtorch is none for CUDA", SuggestedFix = Fix };
        try
        {
            NativeTorch.EnsureLoaded();
        }
        catch (MammoException error)
        {
            return new RuntimeComponent { Name = "GPU", Status = ComponentStatus.Missing, Detail = error.Message, SuggestedFix = error.SuggestedFix ?? "" };
        }

        var count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        return new RuntimeComponent
        {
            Name = "GPU",
            Status = count > 0 ? ComponentStatus.Ready : ComponentStatus.None,
            Detail = count > 0 ? string.Create(CultureInfo.InvariantCulture, $"cuda:0 to cuda:{count - 1}") : "libtorch finds none",
        };
    }

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? type.Assembly.GetName().Version!.ToString(3);
}
