using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mammo.Torch;

/// <summary>Who has an installed runtime.</summary>
public enum RuntimeScope
{
    /// <summary>The user's own folder.</summary>
    CurrentUser,

    /// <summary>A folder for all users of the machine.</summary>
    AllUsers,
}

/// <summary>A libtorch that <c>Install-MammoRuntime</c> put into a folder, or found in a PyTorch that was there.</summary>
public sealed record InstalledRuntime
{
    /// <summary>The version that TorchSharp is built for; another one ends the process.</summary>
    public const string RequiredVersion = "2.10.0";

    /// <summary>What a folder says of itself, written last.</summary>
    internal const string DescriptionName = "runtime.json";

    /// <summary>The folder's name, as <c>libtorch-2.10.0-cpu-linux-x64</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Version of libtorch.</summary>
    public required string Version { get; init; }

    /// <summary>System that it is for: linux-x64 or win-x64.</summary>
    public required string System { get; init; }

    /// <summary>It has libraries for NVIDIA's GPUs.</summary>
    public required bool HasCuda { get; init; }

    /// <summary>Where its libraries are: in the folder of the runtime, or in a PyTorch.</summary>
    public required string Libraries { get; init; }

    /// <summary>Where it came from: a feed, a package, or the PyTorch that it is part of.</summary>
    public required string Source { get; init; }

    /// <summary>Who has it.</summary>
    public RuntimeScope Scope { get; init; }

    /// <summary>Its own folder.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Its libraries are all there; false where files of it, or the PyTorch that it is part of, were removed.</summary>
    [JsonIgnore]
    public bool IsWhole => NativeTorch.Needed.All(library => File.Exists(Path.Combine(Libraries, SharedLibrary.FileName(library))))
        && (!HasCuda || File.Exists(Path.Combine(Libraries, SharedLibrary.FileName("torch_cuda"))));

    /// <summary>The name of this system in packages.</summary>
    public static string ThisSystem { get; } =
        (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : "linux-")
        + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <summary>The folder in which the runtimes of a scope are.</summary>
    public static string RootOf(RuntimeScope scope) => Path.Combine(
        scope == RuntimeScope.CurrentUser
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
        : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData) : "/usr/local/share",
        "Mammo",
        "runtime");

    /// <summary>All runtimes that are there whole: the user's first, those with CUDA first. Reads a small file for each.</summary>
    public static ImmutableArray<InstalledRuntime> All() =>
        [.. Enum.GetValues<RuntimeScope>().SelectMany(All).OrderBy(runtime => runtime.Scope).ThenByDescending(runtime => runtime.HasCuda)];

    /// <summary>The runtime that is used where the module has no libtorch of its own; null when none fits.</summary>
    internal static InstalledRuntime? Best() =>
        All().FirstOrDefault(runtime => runtime.Version == RequiredVersion && runtime.System == ThisSystem && runtime.IsWhole);

    internal static InstalledRuntime? Read(string folder, RuntimeScope scope)
    {
        try
        {
            using var text = InputFile.OpenText(Path.Combine(folder, DescriptionName));
            var known = JsonSerializer.Deserialize<InstalledRuntime>(text.ReadToEnd());
            return known is null ? null : known with { Scope = scope, Folder = folder };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            // Being written, or not ours.
            return null;
        }
    }

    private static IEnumerable<InstalledRuntime> All(RuntimeScope scope)
    {
        var root = RootOf(scope);
        return Directory.Exists(root)
            ? Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal).Reverse().Select(folder => Read(folder, scope)).OfType<InstalledRuntime>()
            : [];
    }
}
