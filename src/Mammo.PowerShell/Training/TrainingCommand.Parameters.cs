using System.Management.Automation;
using Mammo.Data.Augmentation;
using Mammo.Data.Datasets;
using Mammo.Networks.Models;
using Mammo.PowerShell.Common;
using Mammo.Torch.Training;

namespace Mammo.PowerShell.Training;

/// <content>The parameters that both training cmdlets have; names and defaults are the original programs' where those had them.</content>
public abstract partial class TrainingCommand
{
    /// <summary>The model to train; the same instance is written to the pipeline afterwards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ModelTransformation]
    [Alias("InputObject", "ResumeFrom")]
    [NotNull]
    public MammoModel Model { get; set; } = null!;

    /// <summary>Training images: a dataset, a folder of class folders, or a CSV.</summary>
    [Parameter(Mandatory = true)]
    [DatasetTransformation]
    [NotNull]
    public MammoDataset Train { get; set; } = null!;

    /// <summary>Validation images, by which the best epoch is chosen.</summary>
    [Parameter(Mandatory = true)]
    [DatasetTransformation]
    [Alias("Val")]
    [NotNull]
    public MammoDataset Validation { get; set; } = null!;

    /// <summary>
    /// Which class of the sets belongs to which of the model, where the names differ: @{ MALIGNANT = 'pos'; BENIGN = 'neg' }; '' for one that is left out.
    /// </summary>
    [Parameter]
    [NotNull]
    public System.Collections.Hashtable? ClassMap { get; set; }

    /// <summary>Subtract no mean.</summary>
    [Parameter]
    public SwitchParameter NoFeaturewiseCenter { get; set; }

    /// <summary>Images in a validation batch; training batches are this times -TrainBatchMultiplier.</summary>
    [Parameter]
    [InRange(1, 65536)]
    public int BatchSize { get; set; } = 64;

    /// <summary>Training batches are this fraction of -BatchSize, truncated.</summary>
    [Parameter]
    [Alias("TrainBsMultiplier")]
    [InRange(1e-6, 1e6)]
    public double TrainBatchMultiplier { get; set; } = 0.5;

    /// <summary>How weights follow gradients.</summary>
    [Parameter]
    public OptimizerKind Optimizer { get; set; }

    /// <summary>Learning rate of the first stage; later stages have multipliers.</summary>
    [Parameter]
    [Alias("InitLearningRate")]
    [InRange(1e-12, 1e6)]
    public double LearningRate { get; set; } = 0.01;

    /// <summary>With Sgd: epochs without lower validation loss that are tolerated; the next one halves the learning rate.</summary>
    [Parameter]
    [Alias("LrPatience")]
    [InRange(0, int.MaxValue)]
    public int LearningRatePatience { get; set; } = 10;

    /// <summary>Stop the stage after this many epochs without lower validation loss, and one more (patience).</summary>
    [Parameter]
    [Alias("EsPatience")]
    [InRange(0, int.MaxValue)]
    public int EarlyStoppingPatience { get; set; } = 25;

    /// <summary>Weight of the second class, where there are two or three and batches are not balanced.</summary>
    [Parameter]
    [Alias("PosClsWeight")]
    [InRange(0.0, 1e6)]
    public double PositiveClassWeight { get; set; } = 1;

    /// <summary>Weight of the third class, where there are three and batches are not balanced.</summary>
    [Parameter]
    [Alias("NegClsWeight")]
    [InRange(0.0, 1e6)]
    public double NegativeClassWeight { get; set; } = 1;

    /// <summary>Weight decay (penalty on the squared kernels, no half) of the layers on top in the first stage.</summary>
    [Parameter]
    [InRange(0.0, 1e6)]
    public double WeightDecay { get; set; } = 0.0001;

    /// <summary>Weight decay in the later stages. With -Compatibility Keras208 without effect, as in the original.</summary>
    [Parameter]
    [InRange(0.0, 1e6)]
    public double WeightDecay2 { get; set; } = 0.0001;

    /// <summary>Dropout rate of the layers on top in the first stage.</summary>
    [Parameter]
    [InRange(0.0, 0.999)]
    public double HiddenDropout { get; set; }

    /// <summary>Dropout rate in the later stages. With -Compatibility Keras208 without effect, as in the original.</summary>
    [Parameter]
    [InRange(0.0, 0.999)]
    public double HiddenDropout2 { get; set; }

    /// <summary>Hold the training images in memory, as stored 8- or 16-bit pixels.</summary>
    [Parameter]
    public SwitchParameter LoadTrainRam { get; set; }

    /// <summary>Hold the validation images in memory.</summary>
    [Parameter]
    [Alias("LoadValRam")]
    public SwitchParameter LoadValidationRam { get; set; }

    /// <summary>Folder in which decoded and resized images are kept between runs.</summary>
    [Parameter]
    [NotEmpty]
    public string? Cache { get; set; }

    /// <summary>Threads that decode and prepare images, ahead of the network; 0 for one per processor. The weights do not depend on it.</summary>
    [Parameter]
    [Alias("NumCpuCores")]
    [InRange(0, 256)]
    public int WorkerCount { get; set; }

    /// <summary>
    /// File for the weights of the best epoch, written anew after each one that is the best so far; NOSAVE or nothing for none. The model has them in any
    /// case.
    /// </summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    public string? BestModel { get; set; }

    /// <summary>File for the weights after the last epoch; NOSAVE or nothing for none.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyString]
    public string? FinalModel { get; set; }

    /// <summary>Folder for a full checkpoint after every epoch.</summary>
    [Parameter]
    [NotEmpty]
    public string? Checkpoint { get; set; }

    /// <summary>
    /// Go on from the newest checkpoint in -Checkpoint, or start where there is none yet; ends with the same weights as an uninterrupted run with the same
    /// number of threads. Only one training at a time may use the folder.
    /// </summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>Name of a variable that is given the epoch records.</summary>
    [Parameter]
    [NotEmpty]
    public string? HistoryVariable { get; set; }

    /// <summary>File to which each epoch's record is added as a line of JSON; history.jsonl in -Checkpoint unless set.</summary>
    [Parameter]
    [NotEmpty]
    public string? HistoryPath { get; set; }

    /// <summary>Replace files of -BestModel, -FinalModel and -HistoryPath that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Go on although training and validation share patients or images.</summary>
    [Parameter]
    public SwitchParameter AllowLeakage { get; set; }

    /// <summary>What the documents of the original say (Default), or what it truly did (Keras208). about_Mammo_Training lists the differences.</summary>
    [Parameter]
    public TrainingCompatibility Compatibility { get; set; }

    /// <summary>Decides the order of the samples, their transforms and dropout.</summary>
    [Parameter]
    [Alias("RandomSeed")]
    [InRange(0, int.MaxValue)]
    public int Seed { get; set; } = 12345;

    /// <summary>Where the network runs: auto (a GPU where torch finds one), cpu, cuda or cuda:n.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    [NotEmpty]
    public string Device { get; set; } = "auto";

    /// <summary>Number type of the network: Float32, BFloat16, Float64; losses are at least float32.</summary>
    [Parameter]
    public Precision Precision { get; set; }

    /// <summary>Batches whose gradients make one step.</summary>
    [Parameter]
    [InRange(1, 65536)]
    public int AccumulateStep { get; set; } = 1;

    /// <summary>Keep few activations and compute the others again on the way back: less memory, more time.</summary>
    [Parameter]
    public SwitchParameter GradientCheckpoint { get; set; }

    /// <summary>Batch norm keeps its moving statistics in all layers, trained ones too; sound with batches of two or so.</summary>
    [Parameter]
    public SwitchParameter FrozenBatchNorm { get; set; }

    /// <summary>Share of every target that is spread over all classes.</summary>
    [Parameter]
    [InRange(0.0, 0.999)]
    public double LabelSmoothing { get; set; }

    /// <summary>Largest norm of all gradients together.</summary>
    [Parameter]
    [InRange(1e-12, 1e12)]
    public double? ClipNorm { get; set; }

    /// <summary>Largest absolute value of each gradient, after -ClipNorm.</summary>
    [Parameter]
    [InRange(1e-12, 1e12)]
    public double? ClipValue { get; set; }

    /// <summary>Decay of a moving average of the weights, such as 0.999, which is then validated and kept.</summary>
    [Parameter]
    [InRange(1e-9, 0.999999999)]
    public double? AverageDecay { get; set; }

    /// <summary>The learning rate falls along half a cosine to 0 at each stage's epoch limit.</summary>
    [Parameter]
    public SwitchParameter CosineSchedule { get; set; }

    /// <summary>Epochs at each stage's start over which the learning rate rises from 0.</summary>
    [Parameter]
    [InRange(0.0, 1e6)]
    public double WarmUpEpoch { get; set; }

    /// <summary>With -Augmentation: rotation by at most this many degrees either way.</summary>
    [Parameter]
    [InRange(0.0, 180.0)]
    public double RotationRange { get; set; } = 25;

    /// <summary>With -Augmentation: shear by at most this many radians either way.</summary>
    [Parameter]
    [InRange(0.0, 1.5)]
    public double ShearRange { get; set; } = 0.2;

    /// <summary>With -Augmentation: rows and columns are scaled by factors from 1 - this to 1 + this.</summary>
    [Parameter]
    [InRange(0.0, 0.99)]
    public double ZoomRange { get; set; } = 0.2;

    /// <summary>With -Augmentation: at most this many grey levels (0..255 scale) are added or taken away.</summary>
    [Parameter]
    [InRange(0.0, 255.0)]
    public double ChannelShiftRange { get; set; } = 20;

    /// <summary>With -Augmentation: what stands beyond the image, Nearest, Constant (0), Reflect or Wrap.</summary>
    [Parameter]
    public AugmentationFill AugmentationFill { get; set; }

    /// <summary>
    /// Augment with bilinear interpolation and one grey-level shift for all planes, instead of the original's nearest pixel and three shifts.
    /// </summary>
    [Parameter]
    public SwitchParameter SmoothAugmentation { get; set; }
}
