import theme from 'vitepress/theme';
import FrontDoor from './FrontDoor.vue';
import Playground from './Playground.vue';
import './marbles.css';
import './site.css';

export default {
  extends: theme,
  enhanceApp: ({ app }) => void app.component('FrontDoor', FrontDoor).component('Playground', Playground),
};
