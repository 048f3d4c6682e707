using System.Management.Automation;
using Mammo.Networks.Models;
using Mammo.Scoring;

namespace Mammo.PowerShell.Common;

/// <summary>A cmdlet that runs networks on images: how images are prepared, and where the network runs.</summary>
public abstract class EngineCommand : PreparationCommand
{
    /// <summary>Where the network runs: auto (a GPU where torch finds one), cpu, cuda or cuda:n.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    [NotEmpty]
    public string Device { get; set; } = "auto";

    /// <summary>Number type of the network: Float32, BFloat16, Float64.</summary>
    [Parameter]
    public Precision Precision { get; set; }

    /// <summary>What runs the network: Auto, Torch, Onnx, or Mammo (own kernels, on the CPU).</summary>
    [Parameter]
    public EngineKind Engine { get; set; }

    /// <summary>Mammo's own engine computes equal pieces of an image, which is mostly its background, once. No number depends on it.</summary>
    [Parameter]
    public SwitchParameter SkipBackground { get; set; } = true;

    /// <summary>Threads that decode and prepare images; 0 for one per processor.</summary>
    [Parameter]
    [InRange(0, 256)]
    public int WorkerCount { get; set; }

    /// <summary>What the shared parameters say.</summary>
    private protected PredictorOptions SharedOptions => new()
    {
        Preparation = Wishes,
        Dicom = Dicom,
        WorkerCount = WorkerCount,
        Device = Device,
        Precision = Precision,
        Engine = Engine,
        SkipBackground = SkipBackground,
    };
}
