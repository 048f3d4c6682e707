using Mammo.PowerShell.Common;
using Mammo.Tests.Host;
using Mammo.Tests.PowerShell;

namespace Mammo.Tests.Module;

/// <summary>The module as users get it, in a process that has none of its libraries otherwise.</summary>
public sealed class ImportTests
{
    // Asks the module's own load context for torch, as the cmdlets do.
    private const string LoadTorch = """
        $context = [System.Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -EQ Mammo
        $networks = $context.LoadFromAssemblyName([System.Reflection.AssemblyName]::new('Mammo.Torch'))
        try { $networks.GetType('Mammo.Torch.NativeTorch').GetMethod('EnsureLoaded').Invoke($null, @()); 'loaded' }
        catch { for ($e = $_.Exception; $e; $e = $e.InnerException) { if ($e.ErrorId) { "$($e.ErrorId): $($e.Message) $($e.SuggestedFix)" } } }
        """;

    [Fact]
    public void Importing_before_a_build_says_to_build()
    {
        var clone = Directory.CreateDirectory(Path.Combine(Shared.NewFolder(), "module"));
        foreach (var file in Directory.GetFiles(Path.Combine(Shared.Repository, "module")))
            File.Copy(file, Path.Combine(clone.FullName, Path.GetFileName(file)));
        File.Copy(Path.Combine(Shared.Repository, "Mammo.psd1"), Path.Combine(clone.Parent!.FullName, "Mammo.psd1"));
        using var session = new Session();
        session.SetLocation(clone.Parent.FullName);
        var error = session.Fails("Import-Module ./Mammo.psd1", ErrorIds.ModuleNotBuilt);
        Assert.Contains(clone.FullName, error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet build", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_libtorch_that_is_named_is_used()
    {
        var folder = Shared.NewFolder();
        foreach (var file in Libtorch())
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
        var run = HostProcess.RunCommand(LoadTorch, ("MAMMO_LIBTORCH", folder));
        Assert.Equal(["loaded"], Lines(run));
    }

    [Fact]
    public void A_named_folder_without_libtorch_is_an_error_with_its_cure()
    {
        var run = HostProcess.RunCommand(LoadTorch, ("MAMMO_LIBTORCH", Shared.NewFolder()));
        Assert.StartsWith("Mammo.TorchUnavailable: MAMMO_LIBTORCH names a folder without libtorch", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_was_cut_off_is_an_error_and_not_the_end_of_the_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Windows checks the length itself.");
        var folder = Shared.NewFolder();
        foreach (var file in Libtorch())
        {
            using var whole = File.OpenRead(file);
            var part = new byte[whole.Length / 2 < 100_000 ? whole.Length / 2 : 100_000];
            whole.ReadExactly(part);
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(file)), part);
        }

        var run = HostProcess.RunCommand(LoadTorch, ("MAMMO_LIBTORCH", folder));
        Assert.StartsWith("Mammo.TorchUnavailable: libtorch cannot be loaded", run.Output, StringComparison.Ordinal);
        Assert.Contains("cut off", run.Output, StringComparison.Ordinal);
    }

    /// <summary>What a module that was built without libtorch does: MAMMO_LIBTORCH leads nowhere, as if its libraries were not there.</summary>
    [Fact]
    public void Scoring_neither_needs_nor_loads_libtorch_and_training_says_what_to_install()
    {
        var film = Directory.GetFiles(Path.Combine(Shared.Repository, "examples", "data"), "*.png").Order(StringComparer.Ordinal).First();
        var run = HostProcess.RunCommand(
            $$"""
            trap { $_.FullyQualifiedErrorId; continue }
            $model = Import-MammoModel -Name mini-mias
            $film = Import-MammoDataset '{{Path.Combine(Shared.Repository, "examples", "data", "images.csv")}}'
            (Invoke-MammoPredict $model -Path '{{film}}' -RescaleFactor 0.003891).Engine -replace '^(mammo|onnx) ', 'measured '
            $libtorch = { @([Diagnostics.Process]::GetCurrentProcess().Modules | Where-Object ModuleName -Match 'torch_cpu|c10').Count }
            & $libtorch
            Invoke-MammoFinetune $model -Train $film -Validation $film -AllowLeakage -RescaleFactor 0.003891 -Epoch 0 -WarningAction Ignore
            & $libtorch
            """,
            ("MAMMO_LIBTORCH", Shared.NewFolder()));
        Assert.Equal(["measured cpu float32", "0", "Mammo.TorchUnavailable,Mammo.PowerShell.Training.InvokeMammoFinetuneCommand", "0"], Lines(run));
    }

    /// <summary>What draws and writes reports is loaded when it is first used.</summary>
    [Fact]
    public void Scoring_and_measuring_do_not_load_what_writes_reports()
    {
        var run = HostProcess.RunCommand(
            $$"""
            $loaded = { ([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'Mammo.Reports' }).Count }
            $p = Import-MammoDataset '{{Path.Combine(Shared.Repository, "examples", "data", "images.csv")}}' -Class neg, pos |
                Invoke-MammoPredict mini-mias -WarningAction Ignore
            $null = $p | Measure-MammoPrediction; $null = Compare-MammoPrediction $p $p -WarningAction Ignore; $null = Get-Command Export-MammoReport -Syntax
            & $loaded
            $p | Export-MammoPlot '{{Path.Combine(Shared.NewFolder(), "roc.svg")}}' Roc
            & $loaded
            """);
        Assert.Equal(["0", "1"], Lines(run));
    }

    private static string[] Libtorch() => [.. Directory.GetFiles(Path.Combine(Shared.Repository, "module", "bin")).Where(IsOfLibtorch)];

    private static bool IsOfLibtorch(string file)
    {
        var name = Path.GetFileName(file);
        return new[] { "torch", "c10", "omp" }.Any(part => name.Contains(part, StringComparison.Ordinal))
            && !name.Contains("TorchSharp", StringComparison.Ordinal);
    }

    private static string[] Lines(ChildProcess run) => run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
