using Mammo.Tests.Host;

namespace Mammo.Tests.Module;

/// <summary>A module without the libraries of libtorch and ONNX Runtime, as <c>-p:MammoTorch=none -p:MammoOnnx=none</c> makes it.</summary>
public sealed class ScoringOnlyTests
{
    // As their files begin on Windows; on Linux behind "lib".
    private static readonly string[] Natives = ["torch", "LibTorchSharp", "c10", "gomp", "onnxruntime"];

    [Fact]
    public void Mammos_engine_scores_alone()
    {
        var folder = Module();

        // Images of one size, images of their own sizes, a mean for each channel, maps, and what an engine that is not there says.
        var run = HostProcess.RunCommand(
            $$"""
            $ErrorActionPreference = 'Stop'
            $film = '{{Path.Combine(Shared.Repository, "examples", "data", "Calc-Test_P_00127_RIGHT_CC.png")}}'
            $model = Import-MammoModel -Name mini-mias-contrast
            (Invoke-MammoPredict $model -Path $film -Augment).Engine
            (Get-MammoHeatmap $model -Path $film).GetType().Name
            $patch = New-PatchModel -Architecture vgg16 -WidthMultiplier 0.0625
            $said = Invoke-MammoPredict $patch -Path $film -RescaleFactor 0.003891 -FeaturewiseMean 103, 116, 123 -Verbose 4>&1
            ($said | Where-Object Message -Like '*: engine *').Message
            try { Invoke-MammoPredict $model -Path $film -Engine Onnx } catch { "$($_.FullyQualifiedErrorId) $($_.ErrorDetails.RecommendedAction)" }
            """,
            ("MAMMO_MODULE", folder));
        Assert.Equal("", run.Error);
        Assert.StartsWith("mammo ", run.Lines[0], StringComparison.Ordinal);
        Assert.Equal("MammoHeatmap", run.Lines[1]);
        Assert.EndsWith(": engine mammo cpu float32 (ONNX Runtime cannot be loaded)", run.Lines[2], StringComparison.Ordinal);
        Assert.StartsWith("Mammo.OnnxUnavailable", run.Lines[3], StringComparison.Ordinal);
        Assert.Contains("-Engine Mammo", run.Lines[3], StringComparison.Ordinal);
    }

    private static string Module()
    {
        var folder = Shared.NewFolder();
        File.Copy(Path.Combine(Shared.Repository, "Mammo.psd1"), Path.Combine(folder, "Mammo.psd1"));
        var module = Path.Combine(Shared.Repository, "module");
        foreach (var file in Directory.GetFiles(module, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetFileName(file);
            if (Natives.Any(native => name.StartsWith(native, StringComparison.Ordinal) || name.StartsWith("lib" + native, StringComparison.Ordinal)))
                continue;
            var target = Path.Combine(folder, Path.GetRelativePath(Shared.Repository, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return folder;
    }
}
