using System.Collections.Immutable;

namespace Mammo.Torch.Runtimes;

/// <summary>A package of libtorch whose content is known: it is installed only if its hash is this one.</summary>
/// <param name="Id">Its name in a NuGet feed.</param>
/// <param name="Version">Version of libtorch.</param>
/// <param name="System">System that it is for.</param>
/// <param name="Bytes">Length of the package.</param>
/// <param name="Sha512">SHA-512 of the package, in Base64 as NuGet writes it.</param>
public sealed record RuntimePackage(string Id, string Version, string System, long Bytes, string Sha512)
{
    // Hashes taken of the packages themselves; they never change under one version. Those with CUDA are not among them: PyTorch brings these (-Libtorch).
    private static readonly ImmutableArray<RuntimePackage> All =
    [
        new("libtorch-cpu-linux-x64", InstalledRuntime.RequiredVersion, "linux-x64", 128_200_806,
            "XjuaFwqqvwstyeUWyz/xtfhODesmagoPKO7T0VRmiW+r0pJwsXB/vHydA7it9xge36PSXW1qLyRRzvM3J8i9UA=="),
        new("libtorch-cpu-win-x64", InstalledRuntime.RequiredVersion, "win-x64", 79_854_046,
            "qvrEe8b8U1SPnsqShWgJ9gE/UfzFiq+QRPJdAegxwtEBgL/jZPQPvKAhqYkpEe5kb6AXCi840KDqvDaHQuAqEA=="),
    ];

    /// <summary>Name of the package's file.</summary>
    public string FileName => $"{Id}.{Version}.nupkg";

    /// <summary>Name of the runtime that it becomes.</summary>
    public string RuntimeName => $"libtorch-{Version}-cpu-{System}";

    /// <summary>The package for a system.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.RuntimeUnsupported"/>.</exception>
    public static RuntimePackage For(string system) => All.FirstOrDefault(package => package.System == system) ?? throw new MammoException(
        ErrorIds.RuntimeUnsupported,
        $"There is no package of libtorch for {system}.",
        $"Install PyTorch {InstalledRuntime.RequiredVersion}, and name its folder torch/lib with -Libtorch.",
        system);
}
