import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor, hexToRGBA } from "@web/core/colors/colors";
import { formatCurrency } from "@web/core/currency";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { formatInteger } from "@web/views/fields/formatters";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

export class CreditDashboard extends Component {
    static template = "credit_collection.Dashboard";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        this.state = useState({ data: null });
        this.agingRef = useRef("aging");
        this.trendRef = useRef("trend");
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load()]);
        });
        useEffect(
            () => {
                const charts = this.renderCharts();
                return () => charts.forEach((chart) => chart.destroy());
            },
            () => [this.state.data]
        );
    }

    async load() {
        this.state.data = await this.orm.call("credit.dashboard", "get_data", []);
    }

    open(action) {
        if (action) {
            this.action.doAction(action);
        }
    }

    money(amount) {
        return formatCurrency(amount, this.state.data.currency_id, { humanReadable: false });
    }

    value(tile) {
        return this.shown(tile.kind, tile.value);
    }

    shown(kind, value) {
        if (value === false || value === null || value === undefined) {
            return "–";
        }
        if (kind === "money") {
            return formatCurrency(value, this.state.data.currency_id, { humanReadable: true });
        }
        if (kind === "share") {
            return `${formatFloat(value * 100, { digits: [16, 1] })} %`;
        }
        if (kind === "count") {
            return `${value}`;
        }
        return _t("%s days", formatFloat(value, { digits: [16, 1] }));
    }

    /** What the tile was at the end of last month, and what is aimed at. */
    compared(tile) {
        const parts = [];
        if (typeof tile.before === "number") {
            parts.push(_t("last month %s", this.shown(tile.kind, tile.before)));
        }
        if (tile.target) {
            parts.push(_t("target %s", this.shown(tile.kind, tile.target)));
        }
        return parts.join(", ");
    }

    /** Enter and the space bar open a row, as they press a button. */
    openByKey(ev, action) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            this.open(action);
        }
    }

    /** A bar of the chart in words. */
    named(bar) {
        return _t("%(age)s: %(amount)s", { age: bar.title, amount: this.money(bar.value) });
    }

    counted(tile) {
        return _t("Records: %s", formatInteger(tile.count));
    }

    exact(tile) {
        return tile.kind === "money" ? this.money(tile.value) : undefined;
    }

    get gridOptions() {
        const scheme = cookie.get("color_scheme");
        const grid = { color: getCustomColor(scheme, "#d8dadd", "#3C3E4B") };
        const ticks = {
            color: getCustomColor(scheme, "#111827", "#E4E4E4"),
            callback: (value) =>
                formatCurrency(value, this.state.data.currency_id, { humanReadable: true }),
        };
        return { grid, ticks, beginAtZero: true };
    }

    get tooltip() {
        return { callbacks: { label: (item) => this.money(item.raw) } };
    }

    renderCharts() {
        const charts = [];
        if (this.agingRef.el) {
            charts.push(new Chart(this.agingRef.el, this.agingConfig()));
        }
        if (this.trendRef.el) {
            charts.push(new Chart(this.trendRef.el, this.trendConfig()));
        }
        return charts;
    }

    agingConfig() {
        const bars = this.state.data.aging;
        const scheme = cookie.get("color_scheme");
        // 3 : 1 and more on the background, in light and in dark.
        const colors =
            scheme === "dark"
                ? ["#5fbf8a", "#e8b33b", "#f0a050", "#f08a5d", "#f2706a"]
                : ["#2e8b57", "#a87b0a", "#c0651a", "#c04a26", "#b3261e"];
        return {
            type: "bar",
            data: {
                labels: bars.map((bar) => bar.title),
                datasets: [
                    {
                        data: bars.map((bar) => bar.value),
                        backgroundColor: bars.map(
                            (bar, index) => colors[Math.min(index, colors.length - 1)]
                        ),
                        borderRadius: 3,
                    },
                ],
            },
            options: {
                maintainAspectRatio: false,
                onClick: (event, elements) => this.open(elements.length && bars[elements[0].index].action),
                onHover: (event, elements) => {
                    event.native.target.style.cursor = elements.length ? "pointer" : "default";
                },
                plugins: { legend: { display: false }, tooltip: this.tooltip },
                scales: {
                    x: {
                        grid: { display: false },
                        ticks: { color: getCustomColor(scheme, "#111827", "#E4E4E4") },
                    },
                    y: this.gridOptions,
                },
            },
        };
    }

    trendConfig() {
        const points = this.state.data.trend.points;
        const scheme = cookie.get("color_scheme");
        const line = (label, key, color) => ({
            label,
            data: points.map((point) => point[key]),
            borderColor: color,
            backgroundColor: hexToRGBA(color, 0.15),
            fill: true,
            tension: 0.2,
            pointRadius: points.length > 30 ? 0 : 3,
        });
        return {
            type: "line",
            data: {
                labels: points.map((point) => formatDate(deserializeDate(point.date))),
                datasets: [
                    line(_t("Overdue"), "overdue", "#b3261e"),
                    line(_t("Receivables"), "receivable", getColor(3, scheme, "odoo")),
                ],
            },
            options: {
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                onClick: () => this.open(this.state.data.trend.action),
                plugins: { legend: { position: "bottom" }, tooltip: this.tooltip },
                scales: {
                    x: { grid: { display: false }, ticks: { maxTicksLimit: 6, maxRotation: 0 } },
                    y: this.gridOptions,
                },
            },
        };
    }
}

registry.category("actions").add("credit_collection.dashboard", CreditDashboard);
