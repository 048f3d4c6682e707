using System.Text.Json.Serialization;
using Mammo.Networks.Models;

namespace Mammo.Torch.Training;

/// <summary>
/// What decides the result of a training besides its stages and its data. The defaults are those of the original's <c>image_clf_train.py</c>.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>How weights follow gradients.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    /// <summary>Images in a validation batch.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Training batches are this fraction of <see cref="BatchSize"/>, truncated.</summary>
    public double TrainBatchMultiplier { get; init; } = 0.5;

    /// <summary>Stop the stage after this many epochs without lower validation loss, and one more (patience).</summary>
    public int EarlyStoppingPatience { get; init; } = 25;

    /// <summary>With sgd: epochs without lower validation loss that are tolerated; the next one halves the learning rate.</summary>
    public int LearningRatePatience { get; init; } = 10;

    /// <summary>
    /// Every class that is present in a step weighs as much as any other; class weights are then off. As in the original the loss is not normalised: it is
    /// the balanced mean times the number of
    /// classes present, so with batches of two it often counts once and often twice.
    /// </summary>
    public bool AutoBatchBalance { get; init; } = true;

    /// <summary>Weight of the second class, where there are two or three.</summary>
    public double PositiveClassWeight { get; init; } = 1;

    /// <summary>Weight of the third class, where there are three.</summary>
    public double NegativeClassWeight { get; init; } = 1;

    /// <summary>By what the best epoch is chosen.</summary>
    public BestCriterion BestBy { get; init; }

    /// <summary>What is done about the original's accidents.</summary>
    public TrainingCompatibility Compatibility { get; init; }

    /// <summary>Decides the order of the samples, their transforms and dropout; 0 or above. 12345 is the original's.</summary>
    public int Seed { get; init; } = 12345;

    /// <summary>Batch norm keeps its moving statistics in all layers, trained ones too; sound with batches of two or so.</summary>
    public bool FrozenBatchNorm { get; init; }

    /// <summary>Batches whose gradients make one step: the step is that of a batch so many times as large, but for batch statistics.</summary>
    public int AccumulateStep { get; init; } = 1;

    /// <summary>Keep few activations and compute the others again on the way back: less memory, more time.</summary>
    public bool GradientCheckpoint { get; init; }

    /// <summary>What the network computes in; losses are at least float32, and weights of a bfloat16 network are kept in float32.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Where it runs: auto, cpu, cuda or cuda:N.</summary>
    [JsonIgnore]
    public string Device { get; init; } = "auto";

    /// <summary>Share of every target that is spread over all classes; 0 as in the original.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Largest norm of all gradients together; null for none, as in the original.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Largest size of a gradient's components; null for none, as in the original.</summary>
    public double? ClipValue { get; init; }

    /// <summary>
    /// Decay of an exponential moving average of the weights, such as 0.999, which is then what is validated and kept; null for none, as in the original.
    /// </summary>
    public double? AverageDecay { get; init; }

    /// <summary>
    /// Factor on the loss of every position of the heatmap against the regions of interest of its image (dense training), which is added to the image's own;
    /// 0 for none, as in the original. Needs a
    /// network whose heatmap gives probabilities.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double RoiLoss { get; init; }

    /// <summary>The learning rate falls along half a cosine to 0 at each stage's epoch limit.</summary>
    public bool CosineSchedule { get; init; }

    /// <summary>Epochs at each stage's start over which the learning rate rises from 0.</summary>
    public double WarmUpEpoch { get; init; }

    /// <summary>Images in a training batch.</summary>
    public int TrainBatchSize => (int)(BatchSize * TrainBatchMultiplier);
}

/// <summary>By what the best epoch is chosen.</summary>
public enum BestCriterion
{
    /// <summary>Mean over the classes of the one-vs-rest AUC on the validation set; 0 when a class is missing there. Whole-image training.</summary>
    Auc,

    /// <summary>Accuracy on the validation set. Patch training.</summary>
    Accuracy,
}

/// <summary>What is done where the original program did something else than its documents say; the accidents are listed in the documentation.</summary>
public enum TrainingCompatibility
{
    /// <summary>
    /// What the documents say: weight decay and dropout of each stage take effect, frozen batch norm keeps its statistics, every sample is used once an
    /// epoch.
    /// </summary>
    Default,

    /// <summary>What the original truly did on Keras 2.0.8, accidents included.</summary>
    Keras208,
}

/// <summary>How weights follow gradients. All but <see cref="AdamW"/> have Keras 2.0.8's formulas and the settings of the original's programs.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent, momentum 0.9, Nesterov.</summary>
    Sgd,

    /// <summary>RMSprop, ρ 0.9.</summary>
    Rmsprop,

    /// <summary>Adagrad.</summary>
    Adagrad,

    /// <summary>Adadelta, ρ 0.95.</summary>
    Adadelta,

    /// <summary>Adam, β 0.9 and 0.999, ε 1e-8 not bias-corrected.</summary>
    Adam,

    /// <summary>Adamax, β 0.9 and 0.999.</summary>
    Adamax,

    /// <summary>Nadam, β 0.9 and 0.999, schedule decay 0.004.</summary>
    Nadam,

    /// <summary>
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2019): the weight decay λ shrinks weights by learning rate · λ and is no part of the loss.
    /// </summary>
    AdamW,
}

/// <summary>Factor on a stage's learning rate for each of its steps: a linear rise, then 1 or half a cosine.</summary>
/// <param name="Steps">Steps from the stage's start to its epoch limit.</param>
/// <param name="WarmUpSteps">Steps of the rise.</param>
/// <param name="Cosine">Fall to 0 after the rise.</param>
internal sealed record LearningRateSchedule(long Steps, long WarmUpSteps, bool Cosine)
{
    /// <summary>The factor of a step, counted from 0 at the stage's start.</summary>
    public double Factor(long step)
    {
        if (step < WarmUpSteps)
            return (step + 1.0) / (WarmUpSteps + 1.0);
        return Cosine ? 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, (step - WarmUpSteps) / (double)Math.Max(1, Steps - WarmUpSteps)))) : 1;
    }
}
