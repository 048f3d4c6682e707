using System.IO.Compression;

namespace Mammo.Tests.Module;

/// <summary>The module's package for galleries, made of what was built, and as it is installed.</summary>
internal static class ModulePackage
{
    private static readonly Lazy<string> Installed = new(Install);

    /// <summary>Folder of the installed module: what is on PSModulePath is two folders above. Nothing in it can be written.</summary>
    public static string Folder => Installed.Value;

    /// <summary>Folder with the libtorch that the package leaves out.</summary>
    public static string Libtorch { get; } = Path.Combine(Shared.Repository, "module", "bin");

    /// <summary>Packs the module without libtorch.</summary>
    /// <param name="folder">Where the package goes.</param>
    /// <param name="properties">What a publisher gives: MammoPrerelease=preview1.</param>
    public static string Pack(string folder, params string[] properties)
    {
        var run = ChildProcess.Run("dotnet", [
            "msbuild", Path.Combine(Shared.Repository, "src", "Mammo.PowerShell", "Mammo.PowerShell.csproj"),
            "-t:PackBuiltModule", "-nodeReuse:false", "-v:quiet",
            "-p:MammoPackages=scoring", "-p:MammoPackageFolder=" + folder + Path.DirectorySeparatorChar, .. properties.Select(property => "-p:" + property),
        ], ("DOTNET_CLI_UI_LANGUAGE", "en"));
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        return Assert.Single(Directory.GetFiles(Path.Combine(folder, "scoring")));
    }

    private static string Install()
    {
        var folder = TestRun.SharedFolder("profile", "Modules", "Mammo", "0.1.0");
        ZipFile.ExtractToDirectory(Pack(TestRun.SharedFolder("package")), folder);
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            File.SetAttributes(file, FileAttributes.ReadOnly);
        return folder;
    }
}
