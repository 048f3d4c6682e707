using TorchSharp;

namespace Mammo.Torch.Training.Optimizers;

/// <summary>a ← a + g²; w ← w - rate · g / (√a + ε).</summary>
internal sealed class Adagrad : Optimizer
{
    public Adagrad()
        : base("accumulator")
    {
    }

    protected override void Update(TrainedWeight weight, torch.Tensor gradient, torch.Tensor[] slots, double rate)
    {
        var accumulator = slots[0].addcmul_(gradient, gradient, Number.Of(1));
        weight.Value.addcdiv_(gradient, accumulator.sqrt().add_(Number.Of(Epsilon), Number.Of(1)), Number.Of(-rate));
    }
}
