using TorchSharp;

namespace Mammo.Torch.Training.Optimizers;

/// <summary>
/// Adam with Nesterov momentum and Keras's momentum schedule μₜ = β1·(1 - ½·0.96^(0.004·t)), Mₜ = Πμ:
/// w ← w - rate · [(1 - μₜ)·g/(1 - Mₜ) + μₜ₊₁·m/(1 - Mₜ·μₜ₊₁)] / (√(v/(1 - β2ᵗ)) + ε).
/// </summary>
internal sealed class Nadam : Optimizer
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double ScheduleDecay = 0.004;
    private double _schedule = 1;

    public Nadam()
        : base("m", "v")
    {
    }

    protected override void Begin() => _schedule *= Momentum(Iterations);

    protected override void Update(TrainedWeight weight, torch.Tensor gradient, torch.Tensor[] slots, double rate)
    {
        var (now, next) = (Momentum(Iterations), Momentum(Iterations + 1));
        var m = slots[0].mul_(Number.Of(Beta1)).add_(gradient, alpha: Number.Of(1 - Beta1));
        var v = slots[1].mul_(Number.Of(Beta2)).addcmul_(gradient, gradient, Number.Of(1 - Beta2));
        var direction = gradient.mul(Number.Of((1 - now) / (1 - _schedule))).add_(m, alpha: Number.Of(next / (1 - _schedule * next)));
        weight.Value.addcdiv_(direction, v.div(Number.Of(1 - Math.Pow(Beta2, Iterations))).sqrt_().add_(Number.Of(Epsilon), Number.Of(1)), Number.Of(-rate));
    }

    private static double Momentum(long step) => Beta1 * (1 - 0.5 * Math.Pow(0.96, step * ScheduleDecay));
}
